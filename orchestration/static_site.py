"""A folder served over HTTP on this machine alone: what `tally report --serve` and its tests start.

Here: static files with byte ranges, which the site's SQL engine asks for, and compression. Not here: what is
served.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Sent = Callable[[str, int], None]  # a file's name, bytes sent of it
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_SMALLER = {".html", ".js", ".css", ".json", ".svg", ".wasm"}  # what compression makes much smaller


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".wasm": "application/wasm"}

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        if not path.is_file():
            return super().send_head()
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        if asked and any(asked.groups()):
            return self._part(path, *asked.groups())
        return self._whole(path)

    def _part(self, path: Path, first: str, last: str):
        size = path.stat().st_size
        start = int(first) if first else max(size - int(last), 0)
        end = min(int(last), size - 1) if first and last else size - 1
        if start > end:
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return None
        with path.open("rb") as file:
            file.seek(start)
            body = file.read(end - start + 1)
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Range", f"bytes {start}-{end}/{size}")
        return self._headed(path, body)

    def _whole(self, path: Path):
        compressed = path.suffix in _SMALLER and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _gzipped(path, path.stat().st_mtime_ns) if compressed else path.read_bytes()
        self.send_response(HTTPStatus.OK)
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        return self._headed(path, body)

    def _headed(self, path: Path, body: bytes) -> io.BytesIO:
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.sent and self.command == "GET":
            self.server.sent(path.name, len(body))
        return io.BytesIO(body)

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def log_message(self, *_) -> None:
        """Nothing: a browser's requests are no news."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    sent: Sent | None = None

    def handle_error(self, *_) -> None:
        """Nothing: a browser that goes away in the middle is no news either."""


_kept: dict[tuple[Path, int], bytes] = {}


def _gzipped(path: Path, changed: int) -> bytes:
    if (path, changed) not in _kept:
        _kept[path, changed] = gzip.compress(path.read_bytes(), 5)
    return _kept[path, changed]


@contextlib.contextmanager
def serving(folder: Path, port: int = 0, sent: Sent | None = None) -> Iterator[str]:
    """Serve the folder on 127.0.0.1 while the block runs; yields its address. Port 0 takes any free one;
    `sent` hears of each file that was asked for.

    Raises OSError when the port is taken.
    """
    server = _Server(("127.0.0.1", port), partial(_Files, directory=str(folder)))
    server.sent = sent
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
