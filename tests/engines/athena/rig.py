"""The stand-in for Athena, started and ended: moto's S3, Glue and STS with an Athena of our own over DuckDB, one process.

What runs here was emulated. The server's code is under server/, in an environment of its own.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

SERVER = Path(__file__).parent / "server"
RESULTS, TABLES = "cloudtally-results", "cloudtally-tables"
PATIENCE = 180.0


@dataclass
class Rig:
    """A running stand-in: what dbt needs to reach it, and a way past dbt."""

    url: str
    target: str = "athena"
    lakes: dict[Path, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CLOUDTALLY_ATHENA_REGION": "us-east-1",
            "CLOUDTALLY_ATHENA_ACCESS_KEY_ID": "testing",
            "CLOUDTALLY_ATHENA_SECRET_ACCESS_KEY": "testing",
            "CLOUDTALLY_ATHENA_STAGING_DIR": f"s3://{RESULTS}/",
            "CLOUDTALLY_ATHENA_DATA_DIR": f"s3://{TABLES}/",
            "CLOUDTALLY_ATHENA_POLL_INTERVAL": "0.05",
            "CLOUDTALLY_ATHENA_RETRIES": "0",
        }

    def lake_uri(self, lake: Path) -> str:
        """The lake as Athena sees it: a bucket that the folder stands for."""
        lake = lake.resolve()
        if lake not in self.lakes:
            self.lakes[lake] = f"lake-{len(self.lakes) + 1}"
            _get(f"{self.url}/rig/folders", json.dumps({self.lakes[lake]: str(lake)}).encode())
        return f"s3://{self.lakes[lake]}"

    def refresh(self, lake: Path) -> None:
        """Nothing to copy: the bucket's objects are the folder's files."""
        self.lake_uri(lake)

    def query(self, sql: str) -> tuple[list[str], list[tuple]]:
        """Column names and rows of texts, as the API gives them; a null is none. Raises RuntimeError."""
        athena = self.client("athena")
        name = athena.start_query_execution(
            QueryString=sql, ResultConfiguration={"OutputLocation": f"s3://{RESULTS}/"}
        )["QueryExecutionId"]
        while (state := _state(athena, name))["State"] in ("QUEUED", "RUNNING"):
            time.sleep(0.05)
        if state["State"] != "SUCCEEDED":
            raise RuntimeError(state.get("StateChangeReason", state["State"]))
        pages = list(athena.get_paginator("get_query_results").paginate(QueryExecutionId=name))
        columns = [c["Name"] for c in pages[0]["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
        rows = [tuple(d.get("VarCharValue") for d in r["Data"]) for p in pages for r in p["ResultSet"]["Rows"]]
        return columns, rows[1:] if columns else rows

    def statements(self) -> list[str]:
        """All that was asked of Athena since the start, in its order."""
        return json.loads(_get(f"{self.url}/rig/statements"))

    def client(self, service: str) -> Any:
        """A client of one of the stand-in's services."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )


@contextmanager
def running(folder: Path) -> Iterator[Rig]:
    """A stand-in with its two buckets, whose log and scratch files are in a folder; ended with the context."""
    port = _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = ["uv", "run", "--quiet", "--frozen", "--project", str(SERVER), "python", str(SERVER / "main.py")]
    environment = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "UV_PROJECT_ENVIRONMENT": str(_environment())}
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--folder", str(folder)],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    try:
        rig = Rig(f"http://127.0.0.1:{port}")
        _wait(rig, server, folder / "server.log")
        for bucket in (RESULTS, TABLES):
            rig.client("s3").create_bucket(Bucket=bucket)
        yield rig
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _environment() -> Path:
    """Where the server's packages are installed: outside of the project, for all runs."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return cache / "cloudtally" / "athena-stand-in"


def _wait(rig: Rig, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            _get(f"{rig.url}/rig/health")
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"the stand-in for Athena did not start:\n{log.read_text()[-3000:]}")


def _state(athena: Any, name: str) -> dict[str, Any]:
    return athena.get_query_execution(QueryExecutionId=name)["QueryExecution"]["Status"]


def _get(url: str, body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(url, data=body, timeout=10) as response:
        return response.read()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
