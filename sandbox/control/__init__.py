"""The control API under /sandbox: act as people, script faults, read the journal. For tests and for the chat page."""

from aiohttp import web

from sandbox.control.chats import ChatsControl
from sandbox.control.conditions import ConditionsControl
from sandbox.control.messages import AuthoringControl
from sandbox.control.people import PeopleControl
from sandbox.control.reading import ReadingControl
from sandbox.control.route import routes_of
from sandbox.delivery.engines import Deliveries
from sandbox.telegram.world import World


def control_routes(world: World, deliveries: Deliveries) -> list[web.RouteDef]:
    people = PeopleControl(world)
    parts = (
        people,
        AuthoringControl(world, people.acting),
        ReadingControl(world, people),
        ChatsControl(world),
        ConditionsControl(world, deliveries),
    )
    return [route for part in parts for route in routes_of(part.table())]
