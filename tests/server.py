"""A web server on this computer that serves one file, as well or as badly as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Server:
    """What it serves, how, and what it was asked.

    Attributes:
        content: The file, by every name.
        breaks: For each of the first requests, after how many bytes the connection breaks off.
        says: For each of the first requests, a status instead of the file.
        ranges: Whether it can begin in the middle.
        lengths: Whether it says how long the file is.
        altered: For how many of the first requests the last byte is another.
        pause: Seconds between two blocks.
        asked: The Range header of every request, empty where there was none.
    """

    content: bytes = b""
    breaks: list[int] = field(default_factory=list)
    says: list[int] = field(default_factory=list)
    ranges: bool = True
    lengths: bool = True
    altered: int = 0
    pause: float = 0.0
    asked: list[str] = field(default_factory=list)
    address: str = ""
    stop: threading.Event = field(default_factory=threading.Event)


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None: ...

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            server.asked.append(wanted)
            turn = len(server.asked) - 1
            if turn < len(server.says):
                self.send_response(server.says[turn])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = server.content
            if turn < server.altered:
                content = content[:-1] + bytes([content[-1] ^ 1])
            first = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and server.ranges else 0
            if first and first >= len(content):
                self.send_response(416)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if first else 200)
            if first:
                self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
            if server.lengths:
                self.send_header("Content-Length", str(len(content) - first))
            self.end_headers()
            end = first + server.breaks[turn] if turn < len(server.breaks) else len(content)
            for begin in range(first, min(end, len(content)), 65536):
                try:
                    self.wfile.write(content[begin : min(begin + 65536, end)])
                except OSError:  # who asked has gone
                    return
                server.stop.wait(server.pause)

    return Handler


@contextmanager
def serving(**what: Any) -> Iterator[Server]:
    """Serve within the block."""
    server = Server(**what)
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
