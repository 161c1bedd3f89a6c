"""The door: where signed messages come in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

from api.client import BadSignature, verified
from api.fake_orders.inbox import take
from api.fake_orders.memory import Memory
from api.kit.clock import Clock

BODY_MAX = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """What goes wrong at the door, on purpose: shares of the messages that are answered and
    forgotten (`lose`), or taken and answered with an error, so that they come again (`repeat`)."""

    lose: float = 0.0
    repeat: float = 0.0


@contextmanager
def door(
    memory: Memory,
    clock: Clock,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    troubles: Troubles | None = None,
    luck: Random | None = None,
) -> Iterator[str]:
    """Take messages in until the block ends; gives the door's URL."""
    trouble, dice, guard = troubles or Troubles(), luck or Random(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            self.send_response(self._status())
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _status(self) -> int:
            length = self.headers.get("Content-Length", "")
            if not (length.isdecimal() and int(length) <= BODY_MAX):
                return 413
            body = self.rfile.read(int(length))
            try:
                event = verified(
                    body, dict(self.headers), secrets=memory.secrets(), now=clock.now()
                )
            except BadSignature:
                return 401
            with guard:
                lost, repeated = dice.random() < trouble.lose, dice.random() < trouble.repeat
            if not lost:
                take(memory, event)
            return 500 if repeated else 200

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: what came in is in the memory."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}/flatbed-events"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
