"""FOCUS 1.0 to 1.4 of any data generator, and as the clouds' own exports under their own names."""

import json
from datetime import UTC, datetime

import pytest
from outcomes import only, refused
from tiny_bills import focus_row

from ingestion import land, rules
from ingestion.lake import Lake

VERSIONS = {
    "1.0": {},
    "1.1": {"SkuMeter": "m", "ServiceSubcategory": "Virtual Machines", "CapacityReservationId": ""},
    "1.2": {"InvoiceId": "i", "BillingAccountType": "Account", "PricingCurrency": "USD"},
    "1.3": {"ServiceProviderName": "Seller", "HostProviderName": "AWS", "AllocatedTags": "{}"},
    "1.4": {
        "ProviderName": None,
        "ServiceProviderName": "AWS",
        "HostProviderName": "AWS",
        "InvoiceDetailId": "1",
    },
}


def row_of(version, **changes):
    row = focus_row() | VERSIONS[version] | changes
    return {name: value for name, value in row.items() if value is not None}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["f.csv", "f.csv.gz", "f.parquet"])
def test_versions_and_formats(bills, lake, version, name):
    row = row_of(version)
    if name.endswith("parquet"):
        row["BilledCost"] = 1.5
        bill = bills.parquet(name, "select " + ", ".join(f"{value!r} as {key}" for key, value in row.items()))
    else:
        bill = bills.write(name, [row])
    delivery = only(land("focus", str(bill), lake))
    assert [(s.provider, s.billing_period, s.rows) for s in delivery.slices] == [("aws", "2026-01-01", 1)]
    assert (delivery.dataset, delivery.unknown_columns) == ("focus", ())


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_columns_in_any_letter_case(bills, lake, case):
    bill = bills.write("f.csv", [{case(name): value for name, value in focus_row().items()}])
    assert only(land("focus", str(bill), lake)).slices[0].provider == "aws"


@pytest.mark.parametrize(
    ("start", "month"),
    [
        ("2026-01-01T00:00Z", "2026-01-01"),
        ("2026-01-01T00:00:00.000Z", "2026-01-01"),
        ("2026-01-01 00:00:00+00", "2026-01-01"),
        ("2026-01-01T00:00:00+02:00", "2026-01-01"),
        ("2025-12-31T22:00:00Z", "2026-01-01"),
        ("2026-01-01T00:00:00-08:00", "2026-01-01"),
        ("2025-12-31T16:00:00-08:00", "2026-01-01"),
        ("2026-01-01 08:00:00 UTC", "2026-01-01"),
        ("2026-01-15T00:00:00Z", "2026-01-01"),
        ("2026-01-01", "2026-01-01"),
    ],
)
def test_billing_periods_with_time_zones(bills, lake, start, month):
    bill = bills.write("f.csv", [focus_row(BillingPeriodStart=start)])
    assert only(land("focus", str(bill), lake)).periods == (month,)


def test_focus_slices_by_provider_in_the_data(bills, lake):
    rows = [
        focus_row(),
        focus_row(ProviderName="NULL", InvoiceIssuerName="Microsoft Corporation", BillingAccountId="b"),
        focus_row(ProviderName="Google Cloud", BillingPeriodStart="2026-02-01 08:00:00"),
        focus_row(ProviderName="Oracle & Sons, Inc.", EffectiveCost="NULL"),
    ]
    delivery = only(land("focus", str(bills.write("focus.csv", rows)), lake))
    assert [(s.provider, s.billing_period) for s in delivery.slices] == [
        ("aws", "2026-01-01"),
        ("azure", "2026-01-01"),
        ("gcp", "2026-02-01"),
        ("oracle-sons-inc", "2026-01-01"),
    ]
    assert delivery.scope == "default"


def test_focus_parquet_without_provider_name(bills, lake):
    bills.parquet(
        "f.parquet",
        """
        select 'a' as BillingAccountId, timestamp '2026-01-01' as BillingPeriodStart, 'AWS' as
        ServiceProviderName,
            timestamp '2026-01-01' as ChargePeriodStart, 'Usage' as ChargeCategory, 1.5::decimal(20, 10) as
            BilledCost,
            'USD' as BillingCurrency
    """,
    )
    assert only(land("focus", str(bills.root), lake)).slices[0].provider == "aws"


def test_several_files_of_several_versions(bills, lake):
    bills.write("a.csv", [row_of("1.0")])
    bills.write(
        "b.csv.gz", [row_of("1.4", ServiceProviderName="Oracle", BillingPeriodStart="2026-02-01T00:00:00Z")]
    )
    delivery = only(land("focus", str(bills.root), lake))
    assert [(s.provider, s.billing_period, s.files) for s in delivery.slices] == [
        ("aws", "2026-01-01", ("a.csv",)),
        ("oracle", "2026-02-01", ("b.csv.gz",)),
    ]


@pytest.mark.parametrize(
    ("provider", "name"), [("aws", "AWS"), ("azure", "Microsoft"), ("gcp", "Google Cloud")]
)
def test_a_clouds_own_focus_file_lands_under_its_name(bills, lake, provider, name):
    bill = bills.write("f.csv", [focus_row(ProviderName=name)])
    delivery = only(land(provider, str(bill), lake))
    assert (delivery.provider, delivery.dataset, delivery.slices[0].provider) == ("focus", "focus", provider)


def test_focus_of_others_is_sent_to_its_own_command(bills, lake):
    bill = bills.write("f.csv", [focus_row(), focus_row(ProviderName="Oracle")])
    assert "tally land focus" in refused("aws", bill, lake)


@pytest.mark.parametrize("columns", [True, False])
def test_an_aws_focus_export_with_its_manifest(bills, lake, columns):
    folder = "exports/focus"
    key = f"{folder}/data/BILLING_PERIOD=2026-01/focus-00001.snappy.parquet"
    row = row_of("1.2", ProviderName="AWS", BilledCost=1.5)
    names = ", ".join(f"{value!r} as {name}" for name, value in row.items())
    bills.parquet(
        key, f"select {names}, map {{'Env': 'x'}} as Tags, map {{'EDP': 0.5::double}} as x_Discounts"
    )
    manifest = {
        "exportArn": "arn:aws:bcm-data-exports:us-east-1:999988887777:export/focus-1",
        "columns": [{"name": name, "type": "string"} for name in row] if columns else [],
        "dataFiles": [f"s3://bucket/{key}"],
    }
    bills.write(f"{folder}/metadata/BILLING_PERIOD=2026-01/focus-Manifest.json", json.dumps(manifest))
    for provider in ("aws", "focus"):
        delivery = only(land(provider, str(bills.root), lake / provider))
        assert (delivery.dataset, delivery.scope) == ("focus", "999988887777-focus")
        assert (delivery.slices[0].provider, delivery.unknown_columns) == ("aws", ("x_Discounts",))


def test_cur2_and_focus_exports_in_one_bucket(bills, lake):
    bills.export("2026-01")
    bills.write("focus/f.csv", [focus_row()])
    manifest = {"columns": [{"name": name} for name in focus_row()], "dataFiles": ["s3://bucket/focus/f.csv"]}
    bills.write("focus/f-Manifest.json", json.dumps(manifest))
    assert {d.dataset for d in land("aws", str(bills.root), lake).landed} == {"cur2", "focus"}


def google_row(exported, day=5, **changes):
    return focus_row(
        ProviderName="Google Cloud",
        BillingPeriodStart="2026-01-01T08:00:00Z",
        ChargePeriodStart=f"2026-01-0{day}T00:00:00Z",
        x_ExportTime=exported,
        **changes,
    )


def landed_interval(bills, lake, rows):
    delivery = only(land("focus", str(bills.write("g.csv", rows)), lake))
    return delivery.export_time_from, delivery.export_time_to


def test_googles_export_times_are_recorded(bills, lake):
    rows = [google_row("2026-01-07T01:02:03.5Z"), google_row("2026-01-06 00:00:00 UTC", 6)]
    wanted = ("2026-01-06T00:00:00.000000Z", "2026-01-07T01:02:03.500000Z")
    assert landed_interval(bills, lake, rows) == wanted


@pytest.mark.parametrize(
    "rows",
    [
        [google_row("2026-01-07T00:00:00Z"), google_row("", 6)],
        [focus_row(x_ExportTime="2026-01-07T00:00:00Z")],
        [focus_row()],
    ],
    ids=["a row without", "another cloud's", "no such column"],
)
def test_export_times_that_do_not_count(bills, lake, rows):
    assert landed_interval(bills, lake, rows) == (None, None)


def counted(lake):
    """The last export days of the deliveries that count for Google's January."""
    (held,) = (
        ids for key, ids in rules.current(Lake(lake).deliveries()).items() if key[2:] == ("gcp", "2026-01-01")
    )
    return [delivery.export_time_to and delivery.export_time_to[:10] for delivery in held]


@pytest.mark.parametrize(
    ("extracts", "count"),
    [
        ([["2026-01-06"], ["2026-01-07"]], ["2026-01-06", "2026-01-07"]),
        ([["2026-01-06"], ["2026-01-06", "2026-01-07"]], ["2026-01-07"]),
        ([["2026-01-06"], [""]], [None]),
        ([[""], ["2026-01-07"]], ["2026-01-07"]),
    ],
    ids=["add up", "a wider one replaces", "a whole month replaces", "a whole month is replaced"],
)
def test_googles_extracts_add_up_by_export_time(bills, lake, extracts, count):
    for day, times in enumerate(extracts, 1):
        rows = [google_row(time, number, BilledCost=f"{day}") for number, time in enumerate(times, 1)]
        bill = bills.write("g.csv", rows, at=datetime(2026, 2, day, tzinfo=UTC))
        assert len(land("focus", str(bill), lake).landed) == 1
    assert counted(lake) == count
