"""What `tally stage` writes for warehouses: the rows of the raw views, once, exchanged whole, in both shapes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
import restated
import yaml
from lakes import PROJECT, Warehouse

from orchestration import flat_files, staging

SOURCES = {
    table["name"]: table
    for path in PROJECT.glob("models/base/*/_*__sources.yml")
    for source in yaml.safe_load(path.read_text())["sources"]
    for table in source["tables"]
}
KILLED_AT_THE_FOURTH = """
import os, signal
from orchestration import staging
staging.write("nested", lambda label, done, total: os.kill(os.getpid(), signal.SIGKILL) if done == 3 else None)
"""


@pytest.fixture
def lake(copied: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(copied.lake))
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    return copied.lake


@pytest.fixture
def raw(built: Warehouse):
    """The raw views as the build left them, and the flat files beside them in one connection."""
    with duckdb.connect(str(built.lake / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def listed(lake: Path, shape: str = "nested") -> dict[str, list[str]]:
    """The paths that the listing names, by relation."""
    found: dict[str, list[str]] = {}
    listing = lake / "catalog" / shape / "flat_files" / "flat_files.parquet"
    with duckdb.connect() as connection:
        for relation, uri in connection.execute(
            "select relation, uri from read_parquet($1) order by place", [str(listing)]
        ).fetchall():
            found.setdefault(relation, []).append(str(lake / uri))
    return found


def read(paths: list[str]) -> str:
    """The rows of files, without the column that DuckDB would make of a folder's name."""
    return f"read_parquet({paths}, hive_partitioning = false)"


def on_disk(lake: Path) -> set[str]:
    return {
        str(p)
        for folder in ("flat", "catalog", "history/nested")
        for p in (lake / folder).rglob("*")
        if p.is_file()
    }


def comparable(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """A relation's columns by the name that flat files have, as values that do not depend on how Parquet keeps them."""
    columns = {}
    for name, kind, *_ in connection.execute(f"describe select * from {relation}").fetchall():
        value = f'"{name}"'
        if kind.startswith("TIMESTAMP"):
            value = f"epoch_us({value})"
        elif kind.startswith("MAP"):
            value = f"cast(map_entries({value}) as varchar)"
        elif not kind.startswith(("DOUBLE", "DECIMAL", "BIGINT", "BOOLEAN", "DATE")):
            value = f"cast({value} as varchar)"
        columns[name.lower().replace("/", "_")] = value
    return columns


def test_flat_files_hold_the_rows_of_the_raw_views(lake: Path, raw: duckdb.DuckDBPyConnection) -> None:
    staging.write("nested")
    files = listed(lake)
    with_rows = 0
    for name in SOURCES:
        (rows,) = raw.execute(f"select count(*) from raw.{name}").fetchone()
        assert bool(rows) == (name in files), name
        if not rows:
            continue
        with_rows += 1
        flat = read(files[name])
        expected, got = comparable(raw, f"raw.{name}"), comparable(raw, flat)
        assert list(expected) == list(got), name
        # a row of CSV has another id at each read
        is_csv = raw.execute(
            f"select count(*) > 0 from raw.delivery_files where dataset = '{name}' and format = 'csv'"
        ).fetchone()[0]
        compared = [column for column in expected if not (is_csv and column == "row_id")]
        one = f"select {', '.join(expected[c] for c in compared)} from raw.{name}"
        other = f"select {', '.join(got[c] for c in compared)} from {flat}"
        for left, right in ((one, other), (other, one)):
            assert raw.execute(f"select count(*) from ({left} except all {right})").fetchone() == (0,), name
        assert raw.execute(
            f"select count(*) = count(distinct concat(delivery_id, row_id)) from {flat}"
        ).fetchone() == (True,)
    assert with_rows >= 5


def test_the_catalog_is_what_duckdb_knows_of_deliveries(lake: Path, raw: duckdb.DuckDBPyConnection) -> None:
    staging.write("nested")
    declared = yaml.safe_load((PROJECT / "models/base/_lake__sources.yml").read_text())["sources"][0][
        "tables"
    ]
    assert {table["name"] for table in declared} == set(staging.CATALOG)
    for table in declared:
        (path,) = listed(lake)[table["name"]]
        one, other = f"raw.{table['name']}", f"read_parquet('{path}')"
        expected, got = comparable(raw, one), comparable(raw, other)
        kinds = {name: kind.lower() for name, kind, *_ in raw.execute(f"describe {one}").fetchall()}
        assert {c["name"]: c["data_type"] for c in table["columns"]} == {
            name: kind.replace(",", ", ").replace("hugeint", "bigint") for name, kind in kinds.items()
        }
        left, right = (
            f"select {', '.join(columns.values())} from {relation}"
            for columns, relation in ((expected, one), (got, other))
        )
        assert raw.execute(f"select count(*) from ({left} except all {right})").fetchone() == (0,)
        assert raw.execute(f"select count(*) from ({right} except all {left})").fetchone() == (0,)


def test_text_says_in_json_what_the_nested_column_holds(lake: Path, raw: duckdb.DuckDBPyConnection) -> None:
    staging.write("text")
    files, seen = listed(lake, "text"), 0
    for name, source in SOURCES.items():
        for column in source["columns"]:
            if name not in files or not re.match(r"struct|map|.*\]$", column["data_type"]):
                continue
            flat, one = read(files[name]), column["name"]
            (wrong,) = raw.execute(
                f"select count(*) from raw.{name} as nested inner join {flat} as flat using (delivery_id, row_id) "
                f"where to_json(nested.{one}) is distinct from json(flat.{one}) "
                f"or (nested.{one} is null) <> (flat.{one} is null)"
            ).fetchone()
            (rows,) = raw.execute(f"select count({one}) from {flat}").fetchone()
            assert wrong == 0 and raw.execute(f"select count({one}) from raw.{name}").fetchone() == (rows,), (
                f"{name}.{one}"
            )
            seen += rows > 0
        if name in files:
            kinds = {kind for _, kind, *_ in raw.execute(f"describe select * from {flat}").fetchall()}
            assert not any(re.search(r"STRUCT|MAP|\]", kind) for kind in kinds)
    assert seen >= 10


def test_staging_again_writes_nothing(lake: Path) -> None:
    first = staging.write("nested")
    before = {path: os.stat(path).st_mtime_ns for path in on_disk(lake)}
    again = staging.write("nested")
    bills = [path for path in first.written if path.startswith("flat/")]
    assert bills and not first.kept
    assert (again.written, again.removed, again.kept) == ([], [], len(bills))
    assert {path: os.stat(path).st_mtime_ns for path in on_disk(lake)} == before


def test_a_restated_delivery_takes_the_place_of_the_old_one(
    estate: Path, copied: Warehouse, lake: Path, tmp_path: Path
) -> None:
    staging.write("nested")
    old = listed(lake)["cur2"]
    at = datetime(2026, 11, 5, tzinfo=UTC)
    month = restated.aws(estate, tmp_path / "bill", at, "2026-09", select=restated.FEWER_CHANGED_AND_NEW)
    (landed,) = copied.land("aws", month, estate="demo").landed
    staged = staging.write("nested")
    new = listed(lake)["cur2"]
    assert len(new) == len(old) and len(set(new) - set(old)) == 1
    assert [path for path in staged.written if path.startswith("flat/")] == [
        f"flat/nested/cur2/delivery={landed.delivery_id}/part-0.parquet"
    ]
    # a warehouse reads the old ones until its tables are made anew, so they go one staging later
    assert set(old) <= on_disk(lake)
    assert not staged.removed
    later = staging.write("nested")
    assert {str(lake / path) for path in later.removed if path.startswith("flat/")} == set(old) - set(new)
    assert on_disk(lake) == {p for paths in listed(lake).values() for p in paths} | {
        str(lake / "catalog/nested/flat_files/flat_files.parquet")
    }


def test_a_killed_staging_leaves_the_old_listing_and_whole_files(lake: Path) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED_AT_THE_FOURTH], cwd=PROJECT, check=False)
    assert run.returncode == -signal.SIGKILL
    assert not (lake / "catalog").exists()
    whole = sorted((lake / "flat").rglob("part-0.parquet"))
    assert len(whole) == 3
    half = whole[0].with_name("_part-0.parquet")  # what a kill within a file leaves
    half.write_bytes(whole[0].read_bytes()[:100])
    staged = staging.write("nested")
    assert staged.kept == 3
    assert on_disk(lake) >= {path for paths in listed(lake).values() for path in paths}
    assert not half.exists()


def test_another_reader_of_bills_writes_all_files_anew(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = staging.write("nested")
    monkeypatch.setattr(flat_files.File, "fingerprint", "another")
    again = staging.write("nested")
    flat = [path for path in first.written if path.startswith("flat/")]
    assert again.written == flat and not again.kept
