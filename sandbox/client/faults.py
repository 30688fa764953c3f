"""Fault scripts: faults between the bot and the emulator."""

from sandbox.client.connection import Connection, Json


class Faults:
    """Fault scripts of one side: calls of the bot, or deliveries to it."""

    def __init__(self, connection: Connection, path: str) -> None:
        self._connection = connection
        self._path = path

    def add(
        self,
        method: str = "*",
        chat: int | None = None,
        action: str = "500",
        times: int | None = 1,
        rate: float = 1.0,
        seconds: float | None = None,
        retry_after: int | None = None,
        effect: bool | None = None,
        after: int = 0,
        text: str | None = None,
    ) -> int:
        """Add a fault and return its id. `times` None means always. For deliveries `method` is the kind of update."""
        script = {name: value for name, value in locals().items() if name != "self"}
        return int(self._connection.post(self._path, script)["id"])

    def remove(self, fault_id: int) -> bool:
        return bool(self._connection.request("DELETE", f"{self._path}/{fault_id}")["removed"])

    def clear(self) -> None:
        self._connection.request("DELETE", self._path)

    def list(self) -> list[Json]:
        return list(self._connection.get(self._path))
