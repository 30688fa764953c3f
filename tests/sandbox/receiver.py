"""A bot's webhook endpoint: keeps what comes, answers what it is told."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass
class Arrival:
    at: float
    update: dict[str, Any]
    headers: dict[str, str]
    ended: float = 0.0

    @property
    def update_id(self) -> int:
        return int(self.update["update_id"])


@dataclass
class Plan:
    """How to answer one request. `hold`: not before this is set."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None


class Receiver:
    """`plans` answer one request each, in order of arrival; then `always` does."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.plans: deque[Plan] = deque()
        self.always = Plan()
        self.open_now = 0
        self.most_at_once = 0
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver._serve(self)

            def log_message(self, *_: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        with self._lock:
            arrival = Arrival(time.monotonic(), json.loads(body), dict(request.headers))
            self.arrivals.append(arrival)
            plan = self.plans.popleft() if self.plans else self.always
            self.open_now += 1
            self.most_at_once = max(self.most_at_once, self.open_now)
        if plan.hold is not None:
            plan.hold.wait(20)
        with self._lock:
            self.open_now -= 1
            arrival.ended = time.monotonic()
        try:
            self._answer(request, plan)
        except ConnectionError:
            request.close_connection = True

    def _answer(self, request: BaseHTTPRequestHandler, plan: Plan) -> None:
        request.send_response(plan.status)
        for name, value in plan.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(plan.body)))
        request.end_headers()
        request.wfile.write(plan.body)

    def ids(self) -> list[int]:
        return [arrival.update_id for arrival in self.arrivals]

    def __enter__(self) -> Receiver:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
