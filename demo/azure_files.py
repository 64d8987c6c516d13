"""The Azure bill as Cost Management exports leave it in a container: runs of CSV parts, each with a manifest.

Belongs here: paths, parts, manifests. Does not: the rows.
"""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.azure_bill import american
from demo.azure_catalog import ENROLLMENT
from demo.estate import DAY, Calendar
from demo.rows import guid, set_time, write_csv, write_text

ROOT, CONTAINER = "exports", "https://meridiancosts.blob.core.windows.net/cost-exports"
TYPES = {"actual": "ActualCost", "amortized": "AmortizedCost"}


def write(name: str, table: pa.Table, calendar: Calendar, folder: Path) -> None:
    """Write the export `name` ("actual", "amortized"): one run a month, and an older one of the second month.

    The export creates a new report at each run; the older run holds the first half of its month.
    """
    for month in range(calendar.months):
        rows = table.filter(pc.equal(table["BillingPeriodStartDate"], american(calendar.starts[month])))
        if month == min(1, calendar.months - 1):
            middle = calendar.starts[month] + 14 * DAY
            early = rows.filter(
                pc.is_in(rows["Date"], pa.array([american(d) for d in calendar.days if d <= middle]))
            )
            _write_run(
                name,
                early,
                calendar,
                month,
                middle.astype("datetime64[s]") + np.timedelta64(28 * 3600, "s"),
                folder,
            )
        _write_run(name, rows, calendar, month, calendar.exported_at(month), folder)


def _write_run(
    name: str, rows: pa.Table, calendar: Calendar, month: int, when: np.datetime64, folder: Path
) -> None:
    first, last = calendar.starts[month], calendar.ends[month] - DAY
    span = f"{first.item():%Y%m%d}-{last.item():%Y%m%d}"
    run = guid("azure run", name, when)
    path = f"{ROOT}/meridian-{name}/{span}/{when.item():%Y%m%d%H%M}/{run}"
    cut = rows.num_rows // 2 if month == 0 else rows.num_rows
    blobs = []
    for n, part in enumerate(p for p in (rows.slice(0, cut), rows.slice(cut)) if p.num_rows):
        blob = f"{path}/part_{n}_0001.csv.gz"
        write_csv(part, folder / blob)
        set_time(folder / blob, when)
        blobs.append(
            {"blobName": blob, "byteCount": (folder / blob).stat().st_size, "dataRowCount": part.num_rows}
        )
    manifest = _manifest(name, run, when, first, last, blobs)
    write_text(json.dumps(manifest, indent=2) + "\n", folder / path / "manifest.json")
    set_time(folder / path / "manifest.json", when)


def _manifest(name: str, run: str, when: np.datetime64, first, last, blobs: list[dict]) -> dict:
    scope = f"/providers/Microsoft.Billing/billingAccounts/{ENROLLMENT}"
    return {
        "manifestVersion": "2024-04-01",
        "byteCount": sum(b["byteCount"] for b in blobs),
        "blobCount": len(blobs),
        "dataRowCount": sum(b["dataRowCount"] for b in blobs),
        "exportConfig": {
            "exportName": f"meridian-{name}",
            "resourceId": f"{scope}/providers/Microsoft.CostManagement/exports/meridian-{name}",
            "dataVersion": "2024-08-01",
            "apiVersion": "2023-07-01-preview",
            "type": TYPES[name],
            "timeFrame": "MonthToDate",
            "granularity": "Daily",
        },
        "deliveryConfig": {
            "partitionData": True,
            "dataOverwriteBehavior": "CreateNewReport",
            "fileFormat": "Csv",
            "compressionMode": "Gzip",
            "containerUri": CONTAINER,
            "rootFolderPath": ROOT,
        },
        "runInfo": {
            "executionType": "Scheduled",
            "submittedTime": f"{when}.0000000Z",
            "runId": run,
            "startDate": f"{first}T00:00:00",
            "endDate": f"{last}T00:00:00",
        },
        "blobs": blobs,
    }
