"""What arrived at a bot's webhook, and what still waits."""

from __future__ import annotations

from tests.sandbox.receiver import Receiver
from tests.sandbox.robot import Robot

SCALE = 0.1


def arrived(robot: Robot, receiver: Receiver, count: int) -> list[int]:
    robot.sandbox.wait_until(lambda: len(receiver.arrivals) >= count)
    return receiver.ids()


def pending(robot: Robot) -> int:
    return int(robot.ok("getWebhookInfo")["pending_update_count"])
