"""AWS's reports in both formats each: CUR 2.0 and the legacy report as CSV and as Parquet."""

import json

import pytest
from outcomes import only, refused
from tiny_bills import cur_row

from ingestion import land
from ingestion.records import Column


def cur2_row(**changes):
    """A row of CUR 2.0 as CSV, its maps as JSON text."""
    row = {
        "bill_payer_account_id": "012345678901",
        "bill_billing_period_start_date": "2026-01-01T00:00:00.000Z",
        "line_item_usage_start_date": "2026-01-03T00:00:00.000Z",
        "line_item_line_item_type": "Usage",
        "line_item_unblended_cost": "0.5",
        "line_item_currency_code": "USD",
        "product": '{"product_name":"EC2","note":"a, ""b"""}',
        "discount": "{}",
        "cost_category": "",
        "resource_tags": '{"user_env":"x"}',
        "tags": "{}",
    }
    return row | changes


LEGACY = """
    select '012345678901' as bill_payer_account_id, timestamp '2026-01-01' as bill_billing_period_start_date,
        timestamp '2026-01-03' as line_item_usage_start_date, 'Usage' as line_item_line_item_type,
        0.5::double as line_item_unblended_cost, 'USD' as line_item_currency_code,
        '' as savings_plan_savings_plan_a_r_n, 0.1::double as pricing_public_on_demand_cost
"""
# what tells a legacy report in Parquet from CUR 2.0
SIGNS = [
    ", 'Amazon EC2' as product_product_name",
    ", 'web' as resource_tags_user_team",
    ", 'x' as cost_category_unit",
    ", 'Linux' as product_operating_system",
]


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_cur2_csv(bills, lake, name):
    delivery = only(land("aws", str(bills.write(name, [cur2_row(), cur2_row()])), lake))
    assert (delivery.dataset, delivery.scope, delivery.rows) == ("cur2", "012345678901", 2)
    assert (delivery.files[0].format, delivery.unknown_columns) == ("csv", ())
    assert Column("product", "VARCHAR", ("csv",)) in delivery.columns


def test_cur2_csv_export_with_its_manifest(bills, lake):
    keys = [f"exports/cur/data/BILLING_PERIOD=2026-01/cur-0000{n}.csv.gz" for n in (1, 2)]
    bills.write(keys[0], [cur2_row()])
    bills.write(keys[1], [cur2_row(line_item_unblended_cost="7")])
    manifest = {
        "columns": [{"name": n} for n in cur2_row()],
        "dataFiles": [f"s3://bucket/{key}" for key in keys],
    }
    bills.write("exports/cur/metadata/BILLING_PERIOD=2026-01/cur-Manifest.json", json.dumps(manifest))
    delivery = only(land("aws", str(bills.root), lake))
    assert (delivery.dataset, delivery.rows, delivery.slices[0].files) == (
        "cur2", 2, ("cur-00001.csv.gz", "cur-00002.csv.gz"),
    )  # fmt: skip


@pytest.mark.parametrize("column", ["line_item_unblended_cost", "bill_payer_account_id"])
def test_cur2_csv_without_a_required_column(bills, lake, column):
    row = {name: value for name, value in cur2_row().items() if name != column}
    assert f"required column {column} is missing for cur2" in refused(
        "aws", bills.write("a.csv", [row]), lake
    )


@pytest.mark.parametrize("sign", SIGNS)
def test_legacy_parquet(bills, lake, sign):
    delivery = only(land("aws", str(bills.parquet("a.parquet", LEGACY + sign)), lake))
    assert (delivery.dataset, delivery.scope) == ("cur", "012345678901")
    assert [(s.billing_period, s.rows) for s in delivery.slices] == [("2026-01-01", 1)]
    assert (
        Column("line_item_unblended_cost", "DOUBLE", ("parquet",)) in delivery.columns
    )  # as the file spells it


def test_legacy_parquet_columns_are_known_by_either_spelling(bills, lake):
    select = LEGACY + SIGNS[0] + SIGNS[1] + ", 1 as product_new_thing"
    assert only(land("aws", str(bills.parquet("a.parquet", select)), lake)).unknown_columns == (
        "product_new_thing",
    )


@pytest.mark.parametrize(
    "sign",
    [
        "",
        ", 'x' as product_region_code, 'x' as product_comment",
        ", map {'product_name': 'EC2'} as product, 'x' as product_new_thing",
        ", map {'user_team': 'web'} as resource_tags, 'web' as resource_tags_user_team",
        ", 'shop' as line_item_usage_account_name, 'web' as resource_tags_user_team",
    ],
)
def test_what_stays_cur2(bills, lake, sign):
    assert only(land("aws", str(bills.parquet("a.parquet", LEGACY + sign)), lake)).dataset == "cur2"


def test_a_data_export_is_cur2_whatever_its_query_calls_the_columns(bills, lake):
    key = "exports/q/data/BILLING_PERIOD=2026-01/q-00001.snappy.parquet"
    bills.parquet(key, LEGACY + SIGNS[1])
    names = ["line_item_unblended_cost", "resource_tags_user_team"]
    manifest = {"columns": [{"name": name} for name in names], "dataFiles": [f"s3://bucket/{key}"]}
    bills.write("exports/q/metadata/BILLING_PERIOD=2026-01/q-Manifest.json", json.dumps(manifest))
    assert only(land("aws", str(bills.root), lake)).dataset == "cur2"


def test_legacy_parquet_with_its_manifest(bills, lake):
    key = "cur/report/report/year=2026/month=1/report-00001.snappy.parquet"
    bills.parquet(key, LEGACY)
    manifest = {
        "account": "012345678901",
        "reportName": "report",
        "contentType": "Parquet",
        "reportKeys": [key],
    }
    bills.write("cur/report/20260101-20260201/report-Manifest.json", json.dumps(manifest))
    delivery = only(land("aws", str(bills.root), lake))
    assert (delivery.dataset, delivery.scope) == ("cur", "012345678901-report")
    assert (delivery.files[0].format, delivery.unknown_columns) == ("parquet", ())


def test_legacy_parquet_faults_are_named_as_the_file_spells_them(bills, lake):
    wrong = LEGACY.replace("0.5::double", "'n/a'") + SIGNS[0]
    assert "row 1, column line_item_unblended_cost: 'n/a'" in refused(
        "aws", bills.parquet("a.parquet", wrong), lake
    )
    lacking = LEGACY.replace("line_item_currency_code", "line_item_currency") + SIGNS[0]
    message = refused("aws", bills.parquet("a.parquet", lacking), lake)
    assert "lineItem/CurrencyCode or line_item_currency_code is missing for cur" in message
    assert "found near it: line_item_currency," in message


def test_legacy_csv_and_parquet_of_one_report(bills, lake):
    bills.write("a.csv", [cur_row()])
    bills.parquet("b.parquet", LEGACY + SIGNS[0])
    delivery = only(land("aws", str(bills.root), lake))
    assert [(f.format, f.rows) for f in delivery.files] == [("csv", 1), ("parquet", 1)]
    formats = {column.name: column.formats for column in delivery.columns}
    assert formats["lineItem/UnblendedCost"] == ("csv",)
    assert formats["line_item_unblended_cost"] == ("parquet",)


def test_legacy_cur_create_new_keeps_two_manifests_of_one_run(bills, lake):
    folder = "cur/20260101-20260201"
    bills.write(f"{folder}/6a5b/report-00001.csv.gz", [cur_row()])
    text = json.dumps({
        "account": "012345678901", "reportName": "report", "assemblyId": "6a5b",
        "reportKeys": [f"/{folder}/6a5b/report-00001.csv.gz"],
    })  # fmt: skip
    bills.write(f"{folder}/report-Manifest.json", text)
    bills.write(f"{folder}/6a5b/report-Manifest.json", text)
    delivery = only(land("aws", str(bills.root), lake))
    assert (delivery.dataset, delivery.scope) == ("cur", "012345678901-report")
    assert delivery.files[0].format == "csv"
    assert delivery.unknown_columns == ()  # tag columns are known by their prefix
