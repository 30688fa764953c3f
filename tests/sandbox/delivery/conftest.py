"""A bot with a webhook."""

from __future__ import annotations

import pytest

from tests.sandbox.receiver import Receiver
from tests.sandbox.robot import Robot


@pytest.fixture
def hooked(robot: Robot, receiver: Receiver, person: int) -> Robot:
    """The webhook is set once the person has started and nothing waits."""
    robot.ok("setWebhook", url=receiver.url, secret_token="s3cret")
    return robot
