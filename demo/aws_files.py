"""The AWS bill as Data Exports leaves it in a bucket: Parquet chunks by billing period, and manifests.

Belongs here: paths, chunks, manifests. Does not: the rows.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.aws_catalog import PAYER
from demo.aws_schema import MAPS, SCHEMA
from demo.estate import Calendar
from demo.rows import guid, set_time, write_parquet, write_text

BUCKET, PREFIX, EXPORT = "meridian-billing", "cur", "meridian-cur2"


def write(table: pa.Table, calendar: Calendar, folder: Path) -> None:
    """Write each month: every third in two chunks, one with a surplus empty chunk its manifest does not name.

    The surplus chunk is what overwrite mode leaves behind when a refresh has fewer chunks than the one
    before.
    """
    for month in range(calendar.months):
        rows = table.filter(
            pc.equal(
                table["bill_billing_period_start_date"],
                calendar.starts[month].astype("datetime64[ms]").item(),
            )
        )
        period = f"BILLING_PERIOD={np.datetime_as_string(calendar.starts[month], 'M')}"
        when = calendar.exported_at(month)
        cuts = [0, rows.num_rows // 2, rows.num_rows] if month % 3 == 0 else [0, rows.num_rows]
        parts = [rows.slice(a, b - a) for a, b in pairwise(cuts)]
        named = [
            f"{PREFIX}/{EXPORT}/data/{period}/{EXPORT}-{n:05d}.snappy.parquet"
            for n in range(1, len(parts) + 1)
        ]
        surplus = [f"{PREFIX}/{EXPORT}/data/{period}/{EXPORT}-00002.snappy.parquet"] if month == 1 else []
        for key, part in zip(named + surplus, parts + [rows.slice(0, 0)] * len(surplus), strict=True):
            write_parquet(part, folder / key)
            set_time(folder / key, when)
        manifest = folder / f"{PREFIX}/{EXPORT}/metadata/{period}/{EXPORT}-Manifest.json"
        write_text(json.dumps(_manifest(calendar, month, named, when), indent=2) + "\n", manifest)
        set_time(manifest, when)


def _manifest(calendar: Calendar, month: int, keys: list[str], when: np.datetime64) -> dict:
    """Sure: that it lists columns, files as s3:// URIs (`dataFiles`), the billing period and the definition.

    Unsure: every other name here (exportArn, exportDefinition, executionId, executionCreatedAt), type texts
    of columns.
    """
    return {
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/{EXPORT}",
        "executionId": guid("aws execution", month),
        "executionCreatedAt": f"{when}Z",
        "billingPeriod": {
            "start": f"{calendar.starts[month]}T00:00:00.000Z",
            "end": f"{calendar.ends[month]}T00:00:00.000Z",
        },
        "columns": [{"name": f.name, "type": _type(f)} for f in SCHEMA],
        "dataFiles": [f"s3://{BUCKET}/{key}" for key in keys],
        "additionalOutputFiles": [],
        "exportDefinition": _definition(),
    }


def _type(column: pa.Field) -> str:
    if column.name in MAPS:
        return "map<string,double>" if column.name == "discount" else "map<string,string>"
    return "timestamp" if pa.types.is_timestamp(column.type) else str(column.type)


def _definition() -> dict:
    return {
        "Name": EXPORT,
        "DataQuery": {
            "QueryStatement": f"SELECT {', '.join(SCHEMA.names)} FROM COST_AND_USAGE_REPORT",
            "TableConfigurations": {
                "COST_AND_USAGE_REPORT": {
                    "TIME_GRANULARITY": "DAILY",
                    "INCLUDE_RESOURCES": "TRUE",
                    "INCLUDE_SPLIT_COST_ALLOCATION_DATA": "FALSE",
                    "INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY": "FALSE",
                }
            },
        },
        "DestinationConfigurations": {
            "S3Destination": {
                "S3Bucket": BUCKET,
                "S3Prefix": PREFIX,
                "S3Region": "us-east-1",
                "S3OutputConfigurations": {
                    "Format": "PARQUET",
                    "Compression": "PARQUET",
                    "OutputType": "CUSTOM",
                    "Overwrite": "OVERWRITE_REPORT",
                },
            }
        },
        "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
    }
