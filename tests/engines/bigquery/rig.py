"""An emulated BigQuery for tests: bqemulator on a free port of the loopback interface, ended when the block ends.

Here: starting and ending the server, what dbt needs to reach it, and how a local lake becomes a bucket. Not here: what
the emulator lacks (server/serve.py) and what GoogleSQL's own analyzer says of the statements (judge.py).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

HERE = Path(__file__).parent
PROJECT = "cloudtally"
START_SECONDS = 120


class Rig:
    """A running server. `environment` is what dbt needs beside the project's own variables."""

    target = "bigquery"

    def __init__(self, folder: Path, url: str, pid: int) -> None:
        self.folder = folder
        self.pid = pid
        self.client = bigquery.Client(
            PROJECT, AnonymousCredentials(), client_options=ClientOptions(api_endpoint=url)
        )
        self.environment = {
            "CLOUDTALLY_BIGQUERY_PROJECT": PROJECT,
            "CLOUDTALLY_BIGQUERY_METHOD": "oauth-secrets",
            "CLOUDTALLY_BIGQUERY_TOKEN": "none",
            "CLOUDTALLY_BIGQUERY_ENDPOINT": url,
            "CLOUDTALLY_BIGQUERY_RETRIES": "0",
        }

    def lake_uri(self, lake: Path) -> str:
        """The bucket that stands for a lake's folder; it is a link, so that files are there as soon as they are written."""
        folder = self.folder / "buckets"
        held = {bucket.resolve(): bucket.name for bucket in folder.iterdir()}
        name = held.get(lake.resolve()) or f"lake-{len(held) + 1}"
        if lake.resolve() not in held:
            (folder / name).symlink_to(lake.resolve(), target_is_directory=True)
        return f"gs://{name}"

    def refresh(self, lake: Path) -> None:
        """Nothing to do: external tables read the lake's own files at each query."""

    def query(self, sql: str) -> tuple[list[str], list[tuple]]:
        """Columns and rows of a query, by Google's own client, without dbt."""
        result = self.client.query(sql).result()
        return [field.name for field in result.schema], [row.values() for row in result]

    def statements(self) -> list[str]:
        """Every statement that reached the server since its start, in order."""
        path = self.folder / "statements.jsonl"
        return [json.loads(line)["sql"] for line in path.read_text().splitlines()] if path.exists() else []


@contextmanager
def running(folder: Path) -> Iterator[Rig]:
    """A server whose logs, record and buckets are in `folder`. Raises TimeoutError, with the log, when it does not start."""
    folder = folder.resolve()
    buckets = folder / "buckets"
    buckets.mkdir(parents=True, exist_ok=True)
    command = [
        "uv",
        "run",
        "--locked",
        "--project",
        str(HERE / "server"),
        "python",
        str(HERE / "server" / "serve.py"),
    ]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, str(folder), str(buckets)],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"UV_PROJECT_ENVIRONMENT": str(environment_of("server"))},
        )
    try:
        yield Rig(folder, _address(server, folder), server.pid)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def environment_of(part: str) -> Path:
    """Where the environment of the server or of the judge lies: outside the project's, kept between runs."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return home / "cloudtally" / f"bigquery-{part}"


def _address(server: subprocess.Popen, folder: Path) -> str:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        if (folder / "port").exists():
            url = f"http://127.0.0.1:{(folder / 'port').read_text()}"
            with urllib.request.urlopen(f"{url}/readyz", timeout=30):
                return url
        time.sleep(0.05)
    raise TimeoutError(
        "the emulated BigQuery does not start:\n" + (folder / "server.log").read_text()[-4000:]
    )
