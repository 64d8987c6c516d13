"""A server between a client and a cloud's emulator that answers some requests itself, as a cloud does that refuses.

Here: passing on, and answering in the store's stead. Not here: which cloud says what (test_store_errors.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Asked = Callable[[str, str], bool]  # method, and path with query


class Between:
    """`refuse` is asked of every request; those it names are answered with `status` and `body`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.status, self.body, self.refused = 0, "", 0
        self.refuse: Asked = lambda method, path: False


@contextmanager
def standing(port: int) -> Iterator[Between]:
    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if between.refuse(self.command, self.path):
                between.refused += 1
                data = b"" if self.command == "HEAD" else between.body.encode()
                return self.answer(between.status, [("Content-Length", str(len(data)))], data)
            asked = HTTPConnection("127.0.0.1", port)
            asked.request(self.command, self.path, sent, dict(self.headers))
            got = asked.getresponse()
            data, headers = got.read(), got.getheaders()
            kept = [(n, v) for n, v in headers if n.lower() not in ("transfer-encoding", "connection")]
            if not got.getheader("Content-Length"):
                kept.append(("Content-Length", str(len(data))))
            self.answer(got.status, kept, data)

        do_PUT = do_POST = do_DELETE = do_HEAD = do_GET

        def answer(self, status, headers, data):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    between = Between(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield between
    finally:
        server.shutdown()
