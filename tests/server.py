"""A local web server that serves one file, with the faults that a test asks for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_BLOCK = 65_536


@dataclass
class Server:
    """The served file, the faults, and the requests.

    Attributes:
        content: The file; its name does not matter.
        disconnect_after: For each of the first requests, the number of bytes after which the connection is closed.
        statuses: For each of the first requests, a status that is sent instead of the file.
        supports_ranges: Whether the server can begin in the middle of the file.
        sends_length: Whether the server sends the length of the file.
        redirect: Where each request is sent instead; empty to answer it.
        altered_responses: The number of first responses with a different last byte.
        pause: Seconds between two blocks.
        requested_ranges: The Range header of every request; empty text without one.
        address: URL of the folder with the file.
        stop: Set to end the pauses.
    """

    content: bytes = b""
    disconnect_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    supports_ranges: bool = True
    sends_length: bool = True
    redirect: str = ""
    altered_responses: int = 0
    pause: float = 0.0
    requested_ranges: list[str] = field(default_factory=list)
    address: str = ""
    stop: threading.Event = field(default_factory=threading.Event)


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None: ...

        def send_empty(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            requested_range = self.headers.get("Range", "")
            server.requested_ranges.append(requested_range)
            request = len(server.requested_ranges) - 1
            if server.redirect:
                self.send_response(302)
                self.send_header("Location", server.redirect)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if request < len(server.statuses):
                self.send_empty(server.statuses[request])
                return
            content = server.content
            if request < server.altered_responses:
                content = content[:-1] + bytes([content[-1] ^ 1])
            first = 0
            if requested_range and server.supports_ranges:
                first = int(requested_range.removeprefix("bytes=").rstrip("-"))
            if first and first >= len(content):
                self.send_empty(416)
                return
            self.send_response(206 if first else 200)
            if first:
                self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
            if server.sends_length:
                self.send_header("Content-Length", str(len(content) - first))
            self.end_headers()
            end = len(content)
            if request < len(server.disconnect_after):
                end = min(end, first + server.disconnect_after[request])
            for begin in range(first, end, _BLOCK):
                try:
                    self.wfile.write(content[begin : min(begin + _BLOCK, end)])
                except OSError:  # the client has closed the connection
                    return
                server.stop.wait(server.pause)

    return Handler


@contextmanager
def serving(**options: Any) -> Iterator[Server]:
    """Run a server within the block; the options are the fields of `Server`."""
    server = Server(**options)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server.address = f"http://127.0.0.1:{http.server_port}/"
    try:
        yield server
    finally:
        server.stop.set()
        http.shutdown()
        http.server_close()  # waits for the threads of its requests
        thread.join()
