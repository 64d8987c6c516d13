"""The server: moto for S3, Glue and STS, and before it the calls of Athena and those of the rig itself, in one process.

    python main.py --port 14566 --folder DIR
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from api import Athena, respond
from execution import Engine
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

REGION = "us-east-1"


class Front:
    """A WSGI application: requests for Athena and under /rig/ are answered here, all others by moto."""

    def __init__(self, folder: Path) -> None:
        self.engine = Engine(folder, REGION)
        self.athena = Athena(self.engine)
        self.moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if target.startswith("AmazonAthena."):
            status, body = respond(self.athena, target.split(".", 1)[1], _body(environ))
        elif environ["PATH_INFO"].startswith("/rig/"):
            status, body = self.rig(environ["PATH_INFO"].removeprefix("/rig/"), _body(environ))
        else:
            return self.moto(environ, start_response)
        start_response(status, [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(body)))])
        return [body]

    def rig(self, what: str, body: bytes) -> tuple[str, bytes]:
        """health; statements, all that came; folders, from now on the folder that stands for each bucket."""
        if what == "statements":
            return "200 OK", json.dumps(self.athena.statements).encode()
        if what == "folders":
            self.engine.storage.folders |= {name: Path(path) for name, path in json.loads(body).items()}
        return "200 OK", b"{}"


def _body(environ: dict[str, Any]) -> bytes:
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    front = Front(arguments.folder)
    make_server("127.0.0.1", arguments.port, front, threaded=True, request_handler=MotoRequestHandler).serve_forever()


if __name__ == "__main__":
    main()
