"""Who may do what."""

from __future__ import annotations

import pytest

from common.database.models import Role, Via
from common.errors import Forbidden
from common.permissions import ALLOWED, Action, Actor, may, require

MECHANIC = {Action.ORDER_PLACE, Action.ORDER_CHANGE_OWN, Action.QUESTION_ANSWER}


def test_a_mechanic_orders_and_sees_no_desk() -> None:
    assert {action for action in Action if may(Role.MECHANIC, action)} == MECHANIC


def test_a_manager_may_do_everything_a_storekeeper_may_and_everything_there_is() -> None:
    assert ALLOWED[Role.MECHANIC] < ALLOWED[Role.STOREKEEPER] < ALLOWED[Role.MANAGER] == set(Action)


def test_only_a_manager_closes_somebodys_access() -> None:
    assert not may(Role.STOREKEEPER, Action.PEOPLE_ARCHIVE)


@pytest.mark.parametrize("action", list(Action))
def test_what_a_role_may_not_is_refused_by_name(action: Action) -> None:
    actor = Actor(1, Role.MECHANIC, Via.DESK)
    if action in MECHANIC:
        require(actor, action)
        return
    with pytest.raises(Forbidden, match=f"{action.value} is not allowed: a mechanic may not"):
        require(actor, action)
