"""An endpoint, or a proxy before a real one, that fails as it is told to, on a port of its own."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 40}}


def completion(text: str, finish: str = "stop", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": text, **message}
    return {"choices": [{"message": said, "finish_reason": finish}], "usage": USAGE}


@dataclass
class Fault:
    """What goes wrong with one request: a status, a body, headers; silence for `hang` seconds; a body cut short."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    cut: bool = False


class FaultyServer(ThreadingHTTPServer):
    """Serves the model ``m``: one of `faults` for each request while they last, then completions (of `upstream`)."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *faults: Fault, reply: str = "42", seconds: float = 0.0, upstream: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.faults = list(faults)
        self.reply = reply
        self.seconds = seconds
        self.upstream = upstream
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.arrivals: list[float] = []
        self.busy = self.most_busy = 0
        self.released = threading.Event()
        self.lock = threading.Lock()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: FaultyServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._send(Fault(body={"data": [{"id": "m"}, {"id": "n"}]}))

    def do_POST(self) -> None:
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with server.lock:
            server.bodies.append(body)
            server.headers.append({name.lower(): value for name, value in self.headers.items()})
            server.arrivals.append(time.monotonic())
            server.busy += 1
            server.most_busy = max(server.most_busy, server.busy)
            fault = server.faults.pop(0) if server.faults else None
        fault = fault or Fault(body=self._forward(body) if server.upstream else completion(server.reply))
        server.released.wait(fault.hang or server.seconds)
        with server.lock:
            server.busy -= 1
        self._send(fault)

    def _forward(self, body: dict[str, Any]) -> str:
        headers = {"content-type": "application/json", "authorization": self.headers["authorization"]}
        url = f"{self.server.upstream}/chat/completions"
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as response:
            return str(response.read().decode())

    def _send(self, fault: Fault) -> None:
        data = (fault.body if isinstance(fault.body, str) else json.dumps(fault.body)).encode()
        try:
            self.send_response(fault.status)
            for name, value in {**fault.headers, "content-length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if fault.cut else data)
        except OSError:  # the client hung up
            pass
        self.close_connection = self.close_connection or fault.cut

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(*faults: Fault, **settings: Any) -> Iterator[FaultyServer]:
    """Serve in a thread until the block ends."""
    server = FaultyServer(*faults, **settings)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
