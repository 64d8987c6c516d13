"""Small pure rules: months, slugs, issuers, the environment, records as text."""

import json
from datetime import date

import pytest
from tiny_bills import focus_row

from ingestion import environment, land
from ingestion.inspection import issuer_slug
from ingestion.periods import month
from ingestion.records import Delivery, slug
from ingestion.shapes import snake


@pytest.mark.parametrize(
    ("text", "month_text", "expected"),
    [
        ("9/1/2023", False, date(2023, 9, 1)),
        ("09/14/2023 00:00:00", False, date(2023, 9, 1)),
        ("2023-09-01", False, date(2023, 9, 1)),
        ("2023-09-01T00:00Z", False, date(2023, 9, 1)),
        ("2023-09-01 00:00:00+00", False, date(2023, 9, 1)),
        ("2023-09-01T00:00:00.0000000Z", False, date(2023, 9, 1)),
        ("2023-09-01 07:00:00 UTC", False, date(2023, 9, 1)),
        ("2023-09-01T00:00:00+02:00", False, date(2023, 9, 1)),
        ("2023-09-01T00:00:00+14:00", False, date(2023, 9, 1)),
        ("2023-09-01T00:00:00-12:00", False, date(2023, 9, 1)),
        ("2023-08-31T22:00:00Z", False, date(2023, 9, 1)),
        ("2023-08-31T17:00:00-07:00", False, date(2023, 9, 1)),
        ("2023-08-31", False, date(2023, 8, 1)),
        ("1970-01-01", False, None),
        ("0001-01-01T00:00:00+02:00", False, None),
        ("9999-12-31T23:59:59Z", False, None),
        ("9/1/2203", False, None),
        ("190001", True, None),
        ("202309", True, date(2023, 9, 1)),
        ("202313", True, None),
        ("13/01/2023", False, None),
        ("202309", False, None),
        ("", False, None),
        (None, False, None),
    ],
)
def test_month(text, month_text, expected):
    assert month(text, month_text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lineItem/UnblendedCost", "line_item_unblended_cost"),
        ("pricing/publicOnDemandCost", "pricing_public_on_demand_cost"),
        ("reservation/ReservationARN", "reservation_reservation_a_r_n"),
        ("product/servicecode", "product_servicecode"),
        ("resourceTags/user:CostCenter", "resource_tags_user_cost_center"),
        ("BilledCost", "billedcost"),
    ],
)
def test_snake(name, expected):
    assert snake(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/subscriptions/ab c", "subscriptions-ab-c"),
        ("..", ""),
        ("../x/", "x"),
        ("01AB-CD_e.f", "01AB-CD_e.f"),
        ("/", ""),
    ],
)
def test_slug(text, expected):
    assert slug(text) == expected


def test_long_slugs_stay_distinct():
    one, two = slug("x" * 300 + "a"), slug("x" * 300 + "b")
    assert one != two
    assert len(one) == 150


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AWS", "aws"),
        ("Amazon Web Services, Inc.", "aws"),
        ("Microsoft", "azure"),
        ("Microsoft Azure", "azure"),
        ("Azure", "azure"),
        ("Google Cloud", "gcp"),
        ("Oracle", "oracle"),
        ("Alibaba Cloud (Intl.)", "alibaba-cloud-intl"),
        ("", ""),
    ],
)
def test_issuer_slug(name, expected):
    assert issuer_slug(name) == expected


def test_environment_defaults(monkeypatch):
    for name in ("CLOUDTALLY_LAKE", "CLOUDTALLY_WAREHOUSE", "CLOUDTALLY_SCHEMA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    assert environment.lake() == "./lake"
    assert environment.warehouse() == "./lake/warehouse.duckdb"
    assert environment.schema_prefix() == ""
    monkeypatch.setenv("CLOUDTALLY_LAKE", "s3://bucket/lake")
    assert environment.warehouse() == "./warehouse.duckdb"
    monkeypatch.setenv("CLOUDTALLY_WAREHOUSE", "/data/w.duckdb")
    assert environment.warehouse() == "/data/w.duckdb"


def test_a_delivery_survives_its_text(bills, lake):
    (delivery,) = land("focus", str(bills.write("a.csv", [focus_row()])), lake).landed
    assert Delivery.from_json(delivery.to_json()) == delivery


def test_older_records_without_the_formats_of_columns_are_read(bills, lake):
    (delivery,) = land("focus", str(bills.write("a.csv", [focus_row()])), lake).landed
    old = json.loads(delivery.to_json())
    for column in old["columns"]:
        del column["formats"]
    assert {column.formats for column in Delivery.from_json(json.dumps(old)).columns} == {()}
