"""Tiny bills in the providers' true layouts, written to disk, for the landing tests.

Here: writers of files and manifests. Not here: assertions.
"""

import csv
import gzip
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb

AZURE_SCOPE = "/providers/Microsoft.Billing/billingAccounts/8611537"


def azure_row(**changes):
    row = {
        "SubscriptionId": "0000-1",
        "Date": "01/15/2026",
        "MeterCategory": "Storage",
        "Quantity": "1",
        "CostInBillingCurrency": "1.25",
        "ChargeType": "Usage",
        "PricingModel": "OnDemand",
        "BillingAccountId": "8611537",
        "BillingProfileId": "8611537",
        "BillingCurrencyCode": "EUR",
        "BillingPeriodStartDate": "1/1/2026",
        "BillingPeriodEndDate": "1/31/2026",
        "Tags": '"a": "b,c"',
    }
    return row | changes


def cur_row(**changes):
    row = {
        "bill/PayerAccountId": "012345678901",
        "bill/BillingPeriodStartDate": "2026-01-01T00:00:00.000Z",
        "lineItem/UsageStartDate": "2026-01-03T00:00:00Z",
        "lineItem/LineItemType": "Usage",
        "lineItem/UnblendedCost": "0.5",
        "lineItem/CurrencyCode": "USD",
        "resourceTags/user:Team": "web",
    }
    return row | {name.replace("__", "/"): value for name, value in changes.items()}


def focus_row(**changes):
    row = {
        "BillingAccountId": "acct-1",
        "BillingPeriodStart": "2026-01-01T00:00:00Z",
        "ChargePeriodStart": "2026-01-03T00:00:00Z",
        "ChargeCategory": "Usage",
        "BilledCost": "1.5",
        "EffectiveCost": "1.5",
        "BillingCurrency": "USD",
        "ProviderName": "Amazon Web Services",
    }
    return row | changes


def csv_text(rows) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


class Bills:
    """Writes below one folder, the source."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, key: str, content, at: datetime | None = None) -> Path:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        data = csv_text(content) if isinstance(content, list) else content
        data = data.encode() if isinstance(data, str) else data
        path.write_bytes(
            gzip.compress(data) if key.endswith(".gz") and not data.startswith(b"\x1f\x8b") else data
        )
        return self.touch(key, at or datetime(2026, 2, 2, tzinfo=UTC))

    def touch(self, key: str, at: datetime) -> Path:
        os.utime(self.root / key, (at.timestamp(), at.timestamp()))
        return self.root / key

    def parquet(self, key: str, select: str, at: datetime | None = None) -> Path:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        duckdb.connect().execute(f"copy ({select}) to '{path}' (format parquet)")
        return self.touch(key, at or datetime(2026, 2, 2, tzinfo=UTC))

    def cur2(self, key: str, month="2026-01", cost=0.5, rows=2, payer="012345678901", more="") -> Path:
        return self.parquet(
            key,
            f"""
            select '{payer}' as bill_payer_account_id, timestamp '{month}-01' as
            bill_billing_period_start_date,
                timestamp '{month}-03' as line_item_usage_start_date, 'Usage' as line_item_line_item_type,
                cast({cost} as double) as line_item_unblended_cost, 'USD' as line_item_currency_code,
                map {{'product_name': 'EC2'}} as product {more}
            from range({rows})
            """,
        )

    def gcp(
        self, key: str, month="202601", first="2026-01-02", last="2026-01-09", account="0A-0B", more=""
    ) -> Path:
        return self.parquet(
            key,
            f"""
            select '{account}' as billing_account_id, {{'month': '{month}'}} as invoice, 'regular' as
            cost_type,
                timestamptz '2026-01-01 00:00:00+00' as usage_start_time, 1.5::double as cost, 'EUR' as
                currency,
                {{'id': 's'}} as sku, unnest([timestamptz '{first} 00:00:00.000001+00',
                timestamptz '{last} 00:00:00+00']) as export_time {more}
            """,
        )

    def export(self, month="2026-01", chunks=1, run: str | None = None, prefix="exports", **more) -> Path:
        """A CUR 2.0 data export of one month: overwrite mode, or create-new when `run` is given."""
        base, partition = f"{prefix}/cur", f"BILLING_PERIOD={month}"
        folder = f"{base}/data/{partition}" + (f"/{run}" if run else "")
        keys = [f"{folder}/cur-{n:05}.snappy.parquet" for n in range(1, chunks + 1)]
        for key in keys:
            self.cur2(key, month=month, **more)
        manifest = {
            "exportArn": "arn:aws:bcm-data-exports:us-east-1:999988887777:export/cur-1",
            "billingPeriod": {"start": f"{month}-01T00:00:00Z"},
            "columns": [{"name": "line_item_unblended_cost", "type": "double"}],
            "dataFiles": [f"s3://bucket/{key}" for key in keys],
        }
        text = json.dumps(manifest)
        if run:
            self.write(f"{base}/metadata/{partition}/{run}/cur-Manifest.json", text)
        return self.write(f"{base}/metadata/{partition}/cur-Manifest.json", text)

    def azure_run(
        self, rows, kind="ActualCost", run="a1", submitted="2026-02-02T03:04:05.1234567Z", **config
    ) -> Path:
        name = {"ActualCost": "actual", "AmortizedCost": "amortized", "FocusCost": "focus"}.get(kind, "other")
        folder = f"exports/{name}/20260101-20260131/{run}"
        self.write(f"{folder}/part_0_0001.csv", rows)
        size = (self.root / folder / "part_0_0001.csv").stat().st_size
        manifest = {
            "manifestVersion": "2024-04-01",
            "exportConfig": {
                "exportName": name,
                "resourceId": f"{AZURE_SCOPE}/providers/Microsoft.CostManagement/exports/{name}",
                "type": kind,
            },
            "deliveryConfig": {"compressionMode": "None"},
            "runInfo": {
                "submittedTime": submitted,
                "startDate": "2026-01-01T00:00:00",
                "endDate": "2026-01-31",
            },
            "blobs": [
                {"blobName": f" {folder}/part_0_0001.csv", "byteCount": size, "dataRowCount": len(rows)}
            ],
        } | config
        return self.write(f"{folder}/manifest.json", json.dumps(manifest))


def stored(lake: Path) -> list[str]:
    """All files under raw, relative to it."""
    raw = lake / "raw"
    return sorted(path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.is_file())
