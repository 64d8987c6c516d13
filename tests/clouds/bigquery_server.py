"""An emulator of BigQuery with a billing export in it, whose extracts come to the emulator of Google's storage.

The emulator has EXPORT DATA, with BigQuery's names of files, which it writes to a folder: a proxy before it brings them
to the storage, whose own files they cannot be. Here: fixtures. Not here: starting the emulator (tests/engines/bigquery).
"""

import itertools
import shutil
import sys
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlparse

import pytest
from cloud_servers import contents, upload

sys.path.append(str(Path(__file__).parents[1] / "engines"))

PROJECT = "cloudtally"  # the emulator's own
ACCOUNT = "01AB23-CD45EF-678901"
TABLE = "gcp_billing_export_resource_v1_01AB23_CD45EF_678901"
SOURCE = f"bigquery://{PROJECT}/billing/{TABLE}"
numbers = itertools.count(1)
COLUMNS = """
    billing_account_id string, invoice struct<month string>, cost_type string, usage_start_time timestamp,
    cost float64, currency string, resource struct<name string>, sku struct<id string>,
    credits array<struct<name string, amount float64>>, export_time timestamp
"""


def row(month: str, cost: float, exported: str) -> str:
    return (
        f"('{ACCOUNT}', struct('{month}'), 'regular', timestamp '2026-01-05 00:00:00+00', {cost}, 'EUR', struct('vm'), "
        f"struct('s'), [struct('promo', -0.5)], timestamp '{exported}+00')"
    )


@pytest.fixture(scope="session")
def bigquery(tmp_path_factory):
    pytest.importorskip("google.cloud.bigquery", reason="needs the extra cloud: uv sync --all-extras")
    pytest.importorskip("google.cloud.storage", reason="needs the extra cloud: uv sync --all-extras")
    from bigquery import rig

    with rig.running(tmp_path_factory.mktemp("bigquery")) as running:
        running.query("create schema billing")
        yield running


@pytest.fixture(scope="session")
def proxy(bigquery):
    """The address of BigQuery whose extracts are in the storage by the time that it answers; and what, when it
    is set, makes it forbid all."""
    forbidden = threading.Event()
    behind = urlparse(bigquery.environment["CLOUDTALLY_BIGQUERY_ENDPOINT"]).netloc
    buckets = bigquery.folder / "buckets"

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if forbidden.is_set():
                return self.send_error(403)
            asked = HTTPConnection(behind)
            asked.request(self.command, self.path, body, dict(self.headers))
            got = asked.getresponse()
            said = got.read()
            for bucket in buckets.iterdir():
                upload(bucket, f"gs://{bucket.name}")
                shutil.rmtree(bucket)
            self.send_response(got.status)
            self.send_header("Content-Type", got.getheader("Content-Type") or "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", forbidden
    server.shutdown()


@pytest.fixture
def table(bigquery, proxy, enter, monkeypatch):
    """An empty table, and the adding of rows to it."""
    storage, bucket = enter("gs"), f"extracts-{next(numbers)}"
    storage.make(bucket)
    address, forbidden = proxy
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", address)
    monkeypatch.setenv("CLOUDTALLY_EXTRACTS", f"gs://{bucket}/bills")
    name = f"billing.{TABLE}"
    bigquery.query(f"create or replace table {name} ({COLUMNS})")

    def add(*rows: str) -> None:
        bigquery.query(f"insert into {name} values {', '.join(rows)}")

    add.query = lambda sql: bigquery.query(sql.format(table=name))
    add.forbidden, add.statements = forbidden, bigquery.statements
    yield add
    forbidden.clear()
    assert not contents(f"gs://{bucket}"), "an extract was left behind"
