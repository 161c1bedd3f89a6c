"""Real receivers on this machine: HTTP servers that answer as a test tells them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[Mapping[str, Any]], int]


@dataclass(slots=True)
class Receiver:
    """What came, in the order it came: headers in lower case, and bodies as sent."""

    url: str
    came: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, headers: Mapping[str, str], body: bytes) -> None:
        with self._guard:
            self.came.append(({k.lower(): v for k, v in headers.items()}, body))

    def first_deliveries(self) -> dict[str, list[int]]:
        """For each order, its events in the order they came first."""
        seen: dict[str, dict[int, None]] = {}
        for _, body in self.came:
            message = json.loads(body)
            seen.setdefault(message["stream"], {}).setdefault(message["seq"])
        return {stream: list(seqs) for stream, seqs in seen.items()}


@contextmanager
def receiver(answer: Answer = lambda _: 200, **headers: str) -> Iterator[Receiver]:
    """Listen on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # its sender was killed in the middle: nothing has arrived
            its.note(dict(self.headers), body)
            self.send_response(answer(json.loads(body)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the test looks at what came."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    its = Receiver(url=f"http://127.0.0.1:{server.server_port}/hooks")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield its
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
