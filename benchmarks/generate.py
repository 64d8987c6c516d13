"""Writes large plausible bills as the providers leave them: files by month, and their manifests.

Here: paths, chunks and manifests. Not here: the rows, which bills/*.sql make from row numbers alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from demo import aws_schema, azure_schema, gcp_schema

BILLS = Path(__file__).parent / "bills"
CHUNK = 1_000_000  # rows of a file
FIRST_MONTH = date(2023, 1, 1)
PAYER = "100000000000"
ENROLLMENT = "84500000"


def months(count: int) -> list[date]:
    """The first ``count`` months of the benchmark's time."""
    first = FIRST_MONTH.year * 12 + FIRST_MONTH.month - 1
    return [date((first + k) // 12, (first + k) % 12 + 1, 1) for k in range(count)]


def cur2(folder: Path, month: date, rows: int, run: int = 0) -> None:
    """Write a month of a CUR 2.0 export; a later ``run`` has other rows and a newer manifest."""
    period, name = f"BILLING_PERIOD={month:%Y-%m}", "bench-cur2"
    empty = aws_schema.SCHEMA.empty_table()
    keys = _write(
        "cur2", month, rows, run, "(format parquet, compression snappy)",
        lambda k: folder / f"cur/{name}/data/{period}/{name}-{k:05d}.snappy.parquet", empty,
    )  # fmt: skip
    manifest = {
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/{name}",
        "executionCreatedAt": f"{exported_at(month, run).isoformat()}Z",
        "billingPeriod": {"start": f"{month}T00:00:00.000Z", "end": f"{_next(month)}T00:00:00.000Z"},
        "columns": [{"name": column} for column in aws_schema.NAMES],
        "dataFiles": [f"s3://bench/{key.relative_to(folder)}" for key in keys],
    }
    _save(manifest, folder / f"cur/{name}/metadata/{period}/{name}-Manifest.json")


def cur(folder: Path, month: date, rows: int, run: int = 0) -> None:
    """Write a month of a legacy report in Parquet, with the slashed names that converters read."""
    name, period = "bench-cur", f"{month:%Y%m%d}-{_next(month):%Y%m%d}"
    keys = _write(
        "cur", month, rows, run, "(format parquet, compression snappy)",
        lambda k: folder / f"cur/{name}/{period}/{name}-{k:05d}.snappy.parquet",
    )  # fmt: skip
    manifest = {
        "assemblyId": f"run-{run}",
        "createdAt": f"{exported_at(month, run).isoformat()}Z",
        "billingPeriod": {
            "start": f"{month:%Y%m%d}T000000.000Z",
            "end": f"{_next(month):%Y%m%d}T000000.000Z",
        },
        "reportKeys": [str(key.relative_to(folder)) for key in keys],
    }
    _save(manifest, folder / f"cur/{name}/{period}/{name}-Manifest.json")


def azure(folder: Path, month: date, rows: int, run: int = 0) -> None:
    """Write a month of an EA enrollment's pair of exports; each file lacks a few of the `rows` numbers."""
    first, last, when = month, _next(month) - timedelta(days=1), exported_at(month, run)
    scope = f"/providers/Microsoft.Billing/billingAccounts/{ENROLLMENT}"
    for basis, kind in (("actual", "ActualCost"), ("amortized", "AmortizedCost")):
        name = f"bench-{basis}"
        place = f"exports/{name}/{first:%Y%m%d}-{last:%Y%m%d}/{when:%Y%m%d%H%M}/run-{run}"
        parts = _write(
            "azure", month, rows, run, "(format csv, header true, compression gzip)",
            lambda k, place=place: folder / place / f"part_{k - 1}_0001.csv.gz",
            azure_schema.SCHEMA.empty_table(), {"basis": basis},
        )  # fmt: skip
        config = {"exportName": name, "type": kind, "dataVersion": "2024-08-01", "granularity": "Daily"}
        manifest = {
            "manifestVersion": "2024-04-01",
            "blobCount": len(parts),
            "exportConfig": {
                **config,
                "resourceId": f"{scope}/providers/Microsoft.CostManagement/exports/{name}",
            },
            "deliveryConfig": {"partitionData": True, "fileFormat": "Csv", "compressionMode": "Gzip"},
            "runInfo": {
                "executionType": "Scheduled",
                "submittedTime": f"{when.isoformat()}Z",
                "runId": f"run-{run}",
                "startDate": f"{first}T00:00:00",
                "endDate": f"{last}T00:00:00",
            },
            "blobs": [
                {"blobName": str(part.relative_to(folder)), "byteCount": part.stat().st_size}
                for part in parts
            ],
        }
        _save(manifest, folder / place / "manifest.json")


def gcp(folder: Path, month: date, rows: int, run: int = 0) -> None:
    """Write a month of the detailed table as BigQuery exports it: no manifest, times are those of files."""
    table = "gcp_billing_export_resource_v1_0B0000_000000_0B0000"
    parts = _write(
        "gcp", month, rows, run, "(format parquet, compression snappy)",
        lambda k: folder / table / f"{table}-{k - 1:012d}.parquet", gcp_schema.SCHEMA.empty_table(),
    )  # fmt: skip
    for part in parts:
        os.utime(part, (exported_at(month, run).replace(tzinfo=UTC).timestamp(),) * 2)


def exported_at(month: date, run: int) -> datetime:
    """When run number ``run`` of a month's export ended: a week after the month, a day for each run."""
    return datetime.combine(_next(month), datetime.min.time()) + timedelta(days=7 + run)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _write(
    bill: str,
    month: date,
    rows: int,
    run: int,
    options: str,
    path: Callable[[int], Path],
    empty: object = None,
    variables: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write ``rows`` rows in files of a chunk each, one to a processor, and return their paths, in order."""
    sql = (BILLS / f"{bill}.sql").read_text()
    if bill == "cur":
        sql = f"with cur2 as ({(BILLS / 'cur2.sql').read_text()}) {sql}"
    if empty is not None:
        sql = f"select * from empty union all by name select * from ({sql})"

    def write(number: int, first: int, last: int) -> Path:
        target = path(number)
        target.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'; set preserve_insertion_order = false; set threads = 1")
            if empty is not None:
                connection.register("empty", empty)
            for name, value in {"first": first, "last": last, **(variables or {})}.items():
                connection.execute(f"set variable {name} = ?", [value])
            connection.execute("set variable month = ?::date", [month])
            connection.execute(f"copy ({sql}) to '{target}' {options}")
        return target

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda chunk: write(*chunk), _chunks(rows, run)))


def _chunks(rows: int, run: int) -> Iterator[tuple[int, int, int]]:
    """Each file's number, from 1, and the row numbers where it begins and ends."""
    start = run * 1_000_000_000
    for number, first in enumerate(range(start, start + rows, CHUNK), start=1):
        yield number, first, min(first + CHUNK, start + rows)


def _save(manifest: dict, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest, indent=2) + "\n")
