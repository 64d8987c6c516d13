"""Small pure rules: months, slugs, issuers, the environment, records as text."""

from datetime import date

import pytest
from tiny_bills import focus_row

from ingestion import environment, land
from ingestion.inspection import issuer_slug
from ingestion.periods import month
from ingestion.records import Delivery, slug


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
        ("2023-09-01T00:00:00+02:00", False, date(2023, 8, 1)),
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
