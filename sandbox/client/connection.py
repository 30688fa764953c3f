"""One connection to the control API. Standard library only."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

Json = dict[str, Any]
TIMEOUT = 30.0


class SandboxError(Exception):
    """The emulator refused a control request; the message says why."""


class Connection:
    """Requests on a kept connection, which is reopened after it has died."""

    def __init__(self, base_url: str) -> None:
        self.url = base_url.rstrip("/")
        self._address = urlsplit(self.url)
        self._connection: HTTPConnection | None = None

    def get(self, path: str, **query: Any) -> Any:
        given = {name: value for name, value in query.items() if value is not None}
        return self.request("GET", path + ("?" + urlencode(given) if given else ""))

    def post(self, path: str, body: Json | None = None, bot: str | None = None) -> Any:
        return self.request("POST", path + (f"?bot={quote(bot)}" if bot else ""), body or {})

    def request(self, verb: str, path: str, body: Json | None = None) -> Any:
        """Raises SandboxError with the emulator's sentence."""
        return self.send(verb, path, None if body is None else json.dumps(body).encode())

    def send(self, verb: str, path: str, data: bytes | None, content_type: str = "application/json") -> Any:
        status, answer = self._exchange(verb, "/sandbox" + path, data, content_type)
        value = json.loads(answer)
        if status >= 400:
            raise SandboxError(value.get("error", answer.decode()))
        return value

    def _exchange(self, verb: str, path: str, data: bytes | None, content_type: str) -> tuple[int, bytes]:
        """One request on the kept connection; a connection that died idle is opened anew, once."""
        fresh = self._connection is None
        connection = self._connection or HTTPConnection(
            self._address.hostname or "127.0.0.1", self._address.port or 80, timeout=TIMEOUT
        )
        self._connection = connection
        try:
            connection.request(verb, path, data, {"Content-Type": content_type} if data else {})
            response = connection.getresponse()
            return response.status, response.read()
        except (HTTPException, OSError) as error:
            self.close()
            if fresh:
                raise SandboxError(f"the emulator at {self.url} does not answer: {error!r}") from error
            return self._exchange(verb, path, data, content_type)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
