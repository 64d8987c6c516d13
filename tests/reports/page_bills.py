"""Bills under the names that the pages give them: `./bucket-copy`, `./report.csv`, `./invoices.csv` and the others.

Here: the demo's exports and the golden cases' small bills, laid out. Not here: the commands that land them.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import duckdb
from page_commands import PROJECT

from demo import generate

GOLDEN = PROJECT / "tests" / "golden"
FOLDERS = {"aws": "bucket-copy", "azure": "container-copy", "gcp": "billing-export"}
FILES = {
    "focus_aws_1_2/first.csv": "bucket-copy/focus/data/BILLING_PERIOD=2026-01/focus.csv",
    "focus_azure_1_2/first.csv": "container-copy/focus/20260101-20260131/part_0_0001.csv",
    "aws_cur_csv/bill.csv": "report.csv",
    "azure_ea_pair_csv/amortized.csv": "amortized.csv",
    "gcp_json_lines/bill.json": "billing-export/part.json",
    "focus_oracle/bill.csv": "vendor.csv",
    "focus_vendors_1_3/first.csv": "vendor-folder/part.csv",
    "focus_1_4/bill.csv": "focus.csv",
}


def lay_out(room: Path) -> None:
    """Write all of them below `room`."""
    generate(room / "estate", months=1, scale=0.01)
    for cloud, name in FOLDERS.items():
        (room / "estate" / cloud).rename(room / name)
    for source, target in FILES.items():
        (room / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(GOLDEN / source, room / target)
    _manifests(room)
    (room / "gcp-focus").mkdir()
    view = f"read_csv('{GOLDEN}/focus_google_view/bill.csv', all_varchar = true)"
    duckdb.sql(f"copy (from {view}) to '{room}/gcp-focus/0.parquet'")
    _invoices(room)


def _manifests(room: Path) -> None:
    """Of the FOCUS exports: beside other exports' manifests, a file that none names is no bill."""
    data, part = (FILES[f"focus_{cloud}_1_2/first.csv"].partition("/")[2] for cloud in ("aws", "azure"))
    header = (GOLDEN / "focus_aws_1_2" / "first.csv").read_text().splitlines()[0]
    scope = "/providers/Microsoft.Billing/billingAccounts/84512007/providers/Microsoft.CostManagement/exports/focus"
    told = {
        "bucket-copy/focus/metadata/BILLING_PERIOD=2026-01/focus-Manifest.json": {
            "exportArn": "arn:aws:bcm-data-exports:us-east-1:012345678901:export/focus",
            "billingPeriod": {"start": "2026-01-01T00:00:00.000Z", "end": "2026-02-01T00:00:00.000Z"},
            "columns": [{"name": name} for name in header.split(",")],
            "dataFiles": [f"s3://bucket/{data}"],
        },
        "container-copy/focus/20260101-20260131/manifest.json": {
            "exportConfig": {"exportName": "focus", "resourceId": scope, "type": "FocusCost"},
            "runInfo": {
                "submittedTime": "2026-02-06T03:04:05Z",
                "startDate": "2026-01-01T00:00:00",
                "endDate": "2026-01-31T00:00:00",
            },
            "blobs": [{"blobName": part}],
        },
    }
    for path, manifest in told.items():
        (room / path).parent.mkdir(parents=True, exist_ok=True)
        (room / path).write_text(json.dumps(manifest))


def _invoices(room: Path) -> None:
    """The page's own example, and the same with each row's provider."""
    page = (PROJECT / "docs" / "formats.md").read_text(encoding="utf-8")
    [invoices] = re.findall(r"^```\n(invoice_id,.*?)```", page, re.S | re.M)
    (room / "invoices.csv").write_text(invoices)
    header, *rows = invoices.splitlines()
    lines = [f"provider_name,{header}", *(f"Amazon Web Services,{row}" for row in rows)]
    (room / "invoice_detail.csv").write_text("\n".join([*lines, ""]))
