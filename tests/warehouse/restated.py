"""The demo estate's bills as providers send them again: one month, edited, of another export time.

Here: writing such bills. Not here: landing and building them.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

# Every tenth row is gone, usage costs half as much again, and two rows are new.
FEWER_CHANGED_AND_NEW = """
    with numbered as (select *, row_number() over () as place from bill),
    -- covered usage and its negation cancel: a bill never has one without the other
    kept as (
        select * exclude (place) from numbered
        where place % 10 <> 0 or line_item_line_item_type like 'SavingsPlan%'
    ),
    new_rows as (select * from kept where line_item_line_item_type = 'Usage' order by all limit 2)
    select * replace (
        case when line_item_line_item_type = 'Usage' then 1.5 else 1 end * line_item_unblended_cost
            as line_item_unblended_cost
    ) from kept
    union all
    select * replace ('i-new' as line_item_resource_id) from new_rows
"""


def write(bill: str, select: str, target: Path, at: datetime, options: str = "format parquet") -> None:
    """The rows that `select` makes of the relation `bill`, in a file of that age."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create view bill as select * from {bill}")
        connection.execute(f"copy ({select}) to '{target}' ({options})")
    os.utime(target, (at.timestamp(), at.timestamp()))


def aws(estate: Path, target: Path, at: datetime, *months: str, select: str | None = None) -> Path:
    """AWS's export of the months (all when none is named), exported at another time, with the rows of `select`."""
    shutil.copytree(estate / "aws", target)
    for folder in target.rglob("BILLING_PERIOD=*"):
        if months and folder.name.removeprefix("BILLING_PERIOD=") not in months:
            shutil.rmtree(folder)
    for path in target.rglob("*-Manifest.json"):
        manifest = json.loads(path.read_text())
        manifest["executionCreatedAt"] = f"{at:%Y-%m-%dT%H:%M:%S}Z"
        path.write_text(json.dumps(manifest))
    for path in target.rglob("*.parquet"):
        if select:
            old = path.rename(path.with_suffix(".old"))
            write(f"read_parquet('{old}')", select, path, at)
            old.unlink()
    return target


def gcp(estate: Path, target: Path, at: datetime, select: str) -> Path:
    """A file of Google's detailed export with the rows of `select`."""
    write(f"read_parquet('{estate}/gcp/*/*.parquet')", select, target / "rows-000000000000.parquet", at)
    return target


def late(estate: Path, target: Path, month: date) -> Path:
    """Google's corrections of the first two days of a month, five of half a charge, exported in November."""
    rows = f"""
        select * replace (-0.5 * cost as cost, timestamptz '2026-11-03 10:00:00+00' as export_time)
        from bill where invoice.month = '{month:%Y%m}' and cost_type = 'regular'
            and usage_start_time < timestamptz '{month:%Y-%m}-03'
        order by all limit 5
    """
    return gcp(estate, target, datetime(2026, 11, 3, 10, tzinfo=UTC), rows)


def focus(estate: Path, target: Path, at: datetime, select: str) -> Path:
    """A native FOCUS file with the rows of `select`."""
    bill = f"read_csv('{estate}/focus/*.csv', all_varchar = true)"
    write(bill, select, target / "focus.csv", at, "header")
    return target
