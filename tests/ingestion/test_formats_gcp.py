"""Google Cloud's exports as BigQuery writes them: Parquet, JSON lines and its own FOCUS."""

import json

import pytest
from outcomes import only, refused

from ingestion import land


def gcp_row(**changes):
    """One row as BigQuery's extract spells it: numerics as text, nulls left out, times in UTC."""
    row = {
        "billing_account_id": "0A-0B",
        "invoice": {"month": "202601", "publisher_type": "GOOGLE"},
        "service": {"id": "6F81", "description": "Compute Engine"},
        "sku": {"id": "s"},
        "usage_start_time": "2026-01-01 08:00:00 UTC",
        "usage_end_time": "2026-01-01 09:00:00 UTC",
        "project": {"id": "p", "labels": [], "ancestors": []},
        "labels": [{"key": "team", "value": "web"}],
        "export_time": "2026-01-02 00:00:00.000001 UTC",
        "cost": 1.5,
        "currency": "EUR",
        "cost_type": "regular",
        "credits": [{"id": "c", "amount": "-0.5"}],
    }
    return row | changes


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_gcp_shards_are_one_delivery_with_an_interval(bills, lake):
    bills.gcp("shards/000.parquet", more=", {'name': 'vm'} as resource")
    bills.gcp("shards/001.parquet", month="202602", last="2026-02-11", more=", {'name': 'vm'} as resource")
    delivery = only(land("gcp", str(bills.root), lake))
    assert (delivery.dataset, delivery.scope) == ("gcp_detailed", "0A-0B")
    assert delivery.export_time_from == "2026-01-02T00:00:00.000001Z"
    assert delivery.export_time_to == "2026-02-11T00:00:00.000000Z"
    assert [(s.billing_period, s.files) for s in delivery.slices] == [
        ("2026-01-01", ("000.parquet",)),
        ("2026-02-01", ("001.parquet",)),
    ]


def test_gcp_without_resource_is_standard_and_new_fields_are_told(bills, lake):
    delivery = only(land("gcp", str(bills.gcp("a.parquet", more=", {'x': 1} as price, 2 as extra")), lake))
    assert delivery.dataset == "gcp_standard"
    assert delivery.unknown_columns == ("price.x", "extra")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.json.gz", "a.jsonl.gz", "export-000000000000"])
def test_json_lines(bills, lake, name):
    rows = [
        gcp_row(),
        gcp_row(cost="2", labels=[], invoice={"month": "202602"}, export_time="2026-02-03 04:05:06 UTC"),
        gcp_row(cost="-0.25", resource={"name": "vm", "global_name": "//vm"}, cost_type="adjustment"),
    ]
    delivery = only(land("gcp", str(bills.write(name, lines(*rows))), lake))
    assert (delivery.dataset, delivery.scope, delivery.rows) == ("gcp_detailed", "0A-0B", 3)
    assert (delivery.files[0].format, delivery.unknown_columns) == ("json", ())
    assert [(s.billing_period, s.rows) for s in delivery.slices] == [("2026-01-01", 2), ("2026-02-01", 1)]
    assert delivery.export_time_from == "2026-01-02T00:00:00.000001Z"
    assert delivery.export_time_to == "2026-02-03T04:05:06.000000Z"
    columns = {column.name: column.type for column in delivery.columns}
    assert columns["cost"] == "VARCHAR"
    assert columns["labels"] == 'STRUCT("key" VARCHAR, "value" VARCHAR)[]'


def test_json_shards_beside_each_other_and_an_empty_one(bills, lake):
    bills.write("s/000.json", lines(gcp_row()))
    bills.write("s/001.json", lines(gcp_row(subscription={"instance_id": "i"}, strange={"x": 1})))
    bills.write("s/002.json", b"")
    bills.write("s/manifest.json", "{}")
    delivery = only(land("gcp", str(bills.root), lake))
    assert [(f.path, f.format, f.rows) for f in delivery.files] == [
        ("000.json", "json", 1), ("001.json", "json", 1), ("002.json", "empty", 0),
    ]  # fmt: skip
    assert (delivery.dataset, delivery.unknown_columns) == ("gcp_standard", ("strange",))
    assert {"subscription", "strange", "credits"} <= {column.name for column in delivery.columns}


def test_json_and_parquet_of_one_export(bills, lake):
    bills.write("a.json", lines(gcp_row()))
    bills.gcp("b.parquet")
    delivery = only(land("gcp", str(bills.root), lake))
    assert {f.format for f in delivery.files} == {"json", "parquet"}
    formats = {column.name: column.formats for column in delivery.columns}
    assert (formats["cost"], formats["labels"]) == (("parquet", "json"), ("json",))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            lines(gcp_row(), gcp_row(cost="1,5")),
            "row 2, column cost: '1,5' is not a number (a decimal comma?)",
        ),
        (lines(gcp_row(invoice={})), "invoice.month is missing"),
        (
            lines(gcp_row(invoice={"month": "2026"})),
            "column invoice.month: '2026' is no billing period (YYYYMM",
        ),
        (lines(gcp_row())[:-20], "cannot be read as JSON lines"),
        (json.dumps(gcp_row(), indent=1), "cannot be read as JSON lines"),
        (json.dumps([gcp_row()]), "a JSON array"),
        (lines(gcp_row(), {"cost": "1"}), "row 2, column invoice.month: an empty value"),
        ('{"hello": "world"}\n', "not a cloud bill"),
    ],
)
def test_json_that_cannot_land(bills, lake, content, says):
    message = refused("gcp", bills.write("bill.json", content), lake)
    assert says in message
    assert "bill.json" in message


def test_json_of_google_under_another_provider(bills, lake):
    assert "tally land gcp" in refused("aws", bills.write("bill.json", lines(gcp_row())), lake)


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_googles_own_focus(bills, lake, format):
    select = """
        select '0A-0B' as "BillingAccountId", timestamptz '2026-01-01 08:00:00+00' as "BillingPeriodStart",
            timestamptz '2026-01-31 23:00:00+00' as "ChargePeriodStart", 'Usage' as "ChargeCategory",
            1.5::decimal(38, 9) as "BilledCost", 'EUR' as "BillingCurrency", 'Google Cloud' as "ProviderName",
            [{'Key': 'k', 'Value': 'v'}] as "x_Labels", 1.5 as "x_Cost"
    """
    bill = bills.parquet("f.parquet", select)
    if format == "csv":
        row = {
            "BillingAccountId": "0A-0B", "BillingPeriodStart": "2026-01-01 08:00:00 UTC",
            "ChargePeriodStart": "2026-01-31 23:00:00 UTC", "ChargeCategory": "Usage", "BilledCost": "1.5",
            "BillingCurrency": "EUR", "ProviderName": "Google Cloud", "x_Labels": "[]", "x_Cost": "1.5",
        }  # fmt: skip
        bill = bills.write("f.csv", [row])
    for provider in ("gcp", "focus"):
        delivery = only(land(provider, str(bill), lake / provider))
        assert (delivery.dataset, delivery.scope, delivery.unknown_columns) == ("focus", "0A-0B", ("x_Cost",))
        assert [(s.provider, s.billing_period) for s in delivery.slices] == [("gcp", "2026-01-01")]
