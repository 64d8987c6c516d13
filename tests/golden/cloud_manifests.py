"""The manifests that AWS and Azure write beside an export's files, made from the files of a golden case.

A file has one when its path is that of an export: AWS by its month folder, Azure by the case's `export` (its type).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from golden_cases import Case

_DATA_EXPORT = re.compile(
    r"(?P<base>.*?(?P<name>[^/]+))/data/(?P<month>BILLING_PERIOD=(?P<start>\d{4}-\d{2}))/"
)
_REPORT = re.compile(
    r"(?P<folder>.*?(?P<name>[^/]+)/(?P<start>\d{8})-(?P<end>\d{8}))/(?:[^/]+/)?[^/]+\.csv\.gz$"
)


def write(root: Path, case: Case, files: list[dict[str, Any]]) -> None:
    """Write the manifests of one source below `root`, where the files are already."""
    groups: dict[tuple, list[dict[str, Any]]] = defaultdict(list)
    for file in files:
        path = file["path"]
        if "export" in file:
            groups["azure", path.rpartition("/")[0]].append(file)
        elif found := _DATA_EXPORT.match(path):
            groups["data export", found["base"], found["month"], found["name"], found["start"]].append(file)
        elif found := _REPORT.match(path):
            groups["report", found["folder"], found["name"], found["start"], found["end"]].append(file)
    for (kind, *place), members in groups.items():
        {"azure": _azure, "data export": _data_export, "report": _report}[kind](root, case, members, *place)


def _data_export(
    root: Path, case: Case, files: list[dict], base: str, month: str, name: str, start: str
) -> None:
    account = _first(case, files, "bill_payer_account_id", "BillingAccountId")
    manifest = {
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{account}:export/{name}",
        "billingPeriod": {"start": f"{start}-01T00:00:00Z"},
        "columns": [{"name": column} for column in case.rows(files[0]["input"])[0]],
        "dataFiles": [f"s3://bucket/{file['path']}" for file in files],
    }
    _put(root / base / "metadata" / month / f"{name}-Manifest.json", manifest)


def _report(root: Path, case: Case, files: list[dict], folder: str, name: str, start: str, end: str) -> None:
    manifest = {
        "account": _first(case, files, "bill/PayerAccountId"),
        "reportName": name,
        "billingPeriod": {"start": f"{start}T000000.000Z", "end": f"{end}T000000.000Z"},
        "bucket": "bucket",
        "reportKeys": [file["path"] for file in files],
    }
    _put(root / folder / f"{name}-Manifest.json", manifest)


def _azure(root: Path, case: Case, files: list[dict], folder: str) -> None:
    account = _first(case, files, "BillingAccountId")
    days = re.search(r"(\d{4})(\d\d)(\d\d)-(\d{4})(\d\d)(\d\d)", folder)
    name = folder.split("/")[-3] if re.search(r"\d{8}-\d{8}/[^/]+$", folder) else folder.split("/")[-2]
    blobs = [
        {
            "blobName": file["path"],
            "byteCount": (root / file["path"]).stat().st_size,
            "dataRowCount": len(case.rows(file["input"])),
        }
        for file in files
    ]
    scope = f"/providers/Microsoft.Billing/billingAccounts/{account}"
    manifest = {
        "manifestVersion": "2024-04-01",
        "exportConfig": {
            "exportName": name,
            "resourceId": f"{scope}/providers/Microsoft.CostManagement/exports/{name}",
            "type": files[0]["export"],
        },
        "deliveryConfig": {"compressionMode": "Gzip" if files[0]["path"].endswith(".gz") else "None"},
        "runInfo": {
            "submittedTime": files[0].get("submitted", "2026-02-06T03:04:05Z"),
            "startDate": f"{days[1]}-{days[2]}-{days[3]}T00:00:00",
            "endDate": f"{days[4]}-{days[5]}-{days[6]}T00:00:00",
        },
        "blobs": blobs,
        "dataRowCount": sum(blob["dataRowCount"] for blob in blobs),
    }
    _put(root / folder / "manifest.json", manifest)


def _first(case: Case, files: list[dict], *columns: str) -> str:
    row = {name.lower(): value for name, value in case.rows(files[0]["input"])[0].items()}
    return next(row[column.lower()] for column in columns if column.lower() in row)


def _put(path: Path, manifest: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest, indent=1))
