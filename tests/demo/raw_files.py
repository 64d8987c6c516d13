"""The generator's raw files, found by their manifests and opened as DuckDB views.

Belongs here: reading. Does not: fixtures and tests.
"""

import json
from pathlib import Path

import duckdb

SMALL = {"months": 2, "scale": 0.05}


def raw_views(out: Path) -> duckdb.DuckDBPyConnection:
    """Views cur2, azure_actual, azure_amortized, gcp, focus over current files, and one per truth file."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(
        f"create view cur2 as select * from read_parquet({aws_files(out)}, hive_partitioning = false)"
    )
    for name in ("actual", "amortized"):
        files = [str(f) for run in newest_runs(out, name) for f in blobs(out, run)]
        connection.execute(f"create view azure_{name} as select * from {csv(files)}")
    connection.execute(f"create view gcp as select * from '{out}/gcp/*/*.parquet'")
    connection.execute(f"create view focus as select * from {csv(str(out / 'focus' / '*.csv'))}")
    for path in (out / "truth").glob("*.parquet"):
        connection.execute(f"create view truth_{path.stem} as select * from '{path}'")
    return connection


def csv(files) -> str:
    return (
        f"read_csv({files!r}, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', "
        "union_by_name = true)"
    )


def manifests(out: Path, pattern: str) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted(out.glob(pattern))]


def aws_files(out: Path) -> list[str]:
    bodies = manifests(out, "aws/cur/*/metadata/*/*-Manifest.json")
    return [str(out / "aws" / uri.split("/", 3)[3]) for body in bodies for uri in body["dataFiles"]]


def runs(out: Path, name: str) -> list[dict]:
    return manifests(out, f"azure/exports/meridian-{name}/*/*/*/manifest.json")


def newest_runs(out: Path, name: str) -> list[dict]:
    newest = {}
    for run in runs(out, name):
        month = run["runInfo"]["startDate"]
        newest[month] = max(newest.get(month, run), run, key=lambda r: r["runInfo"]["submittedTime"])
    return list(newest.values())


def blobs(out: Path, run: dict) -> list[Path]:
    return [out / "azure" / blob["blobName"] for blob in run["blobs"]]
