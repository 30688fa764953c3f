"""The client of the control API, for tests: people's actions, their chats, faults. It knows nothing of the server."""

from sandbox.client.connection import Json, SandboxError
from sandbox.client.sandbox import Sandbox, WaitTimeout

__all__ = ["Json", "Sandbox", "SandboxError", "WaitTimeout"]
