"""What the fuzzing has found, each as one small case: refused by name where it once broke a build or a total.

Here: one bill and one change a test. Not here: the fuzzing itself (test_fuzz.py).
"""

from __future__ import annotations

import pyarrow as pa
import pytest
from bills import TEXT, Bill, Column, aws, azure, focus, gcp
from quick import Quick

from ingestion import LandingError, land


def refused(tmp_path, provider: str, bill: Bill) -> str:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / bill.name).write_bytes(bill.encode())
    with pytest.raises(LandingError) as caught:
        land(provider, str(tmp_path / "source"), tmp_path / "lake")
    assert not [path for path in (tmp_path / "lake" / "raw").rglob("*") if path.is_file()]
    assert bill.name in caught.value.message
    return caught.value.message


def put(bill: Bill, column: str, value) -> Bill:
    bill.rows[1][bill.place(column)] = value
    return bill


@pytest.mark.parametrize(
    ("provider", "bill", "column", "value", "says"),
    [
        # the warehouse casts more columns than costs and days
        ("aws", aws("a.csv", "1", False), "line_item_usage_amount", "1,5", "(a decimal comma?)"),
        ("aws", aws("a.csv", "1", True), "reservation/UnusedRecurringFee", "\\", "is not a number"),
        ("aws", aws("a.csv", "1", False), "line_item_usage_end_date", "soon", "is not a date"),
        ("azure", azure("a.csv", "1", False), "Quantity", " ", "is not a number"),
        ("azure", azure("a.csv", "1", False), "exchangeRatePricingToBilling", "0", "no rate to divide by"),
        ("focus", focus("a.csv", "1"), "ConsumedQuantity", "many", "is not a number"),
        # what it casts is neither trimmed nor read as a US date but from Azure
        ("aws", aws("a.csv", "1", True), "lineItem/UsageStartDate", "1/5/2026", "is not a date"),
        ("focus", focus("a.csv", "1"), "ChargePeriodStart", " 2026-01-05 ", "is not a date"),
        # months that only Python can read, or that fall elsewhere in the warehouse
        ("azure", azure("a.csv", "1", False), "BillingPeriodStartDate", "20260101", "no billing period"),
        ("aws", aws("a.csv", "1", True), "bill/BillingPeriodStartDate", "1/1/2026", "no billing period"),
        (
            "aws",
            aws("a.csv", "1", True),
            "bill/BillingPeriodStartDate",
            "2026-01-31T23:00:00Z",
            "no billing period",
        ),
        # more than decimal(38, 12) holds
        ("focus", focus("a.csv", "1"), "BilledCost", "1e26", "larger than any bill's"),
        ("focus", focus("a.parquet", "1"), "EffectiveCost", float("nan"), "is not a number"),
        # rows without type or currency would fall out of the ledger or of its totals
        ("aws", aws("a.csv", "1", False), "line_item_line_item_type", "", "every charge needs a value"),
        ("azure", azure("a.csv", "1", False), "BillingCurrencyCode", " ", "every charge needs a value"),
        ("focus", focus("a.csv", "1"), "ProviderName", "x" * 5000, "too long for a provider's name"),
        # nested values of another shape
        ("gcp", gcp("a.json", "1"), "credits", [{"amount": "1,5"}], "number"),
    ],
)
def test_values_that_the_warehouse_cannot_read(tmp_path, provider, bill, column, value, says):
    message = refused(tmp_path, provider, put(bill, column, value))
    assert says in message
    assert f"row 2, column {column}" in message


def test_a_column_that_looks_like_another(tmp_path):
    bill = focus("a.csv", "1")
    bill.columns.insert(0, Column("billed_cost"))
    for row in bill.rows:
        row.insert(0, "9")
    assert "'billed_cost' and 'BilledCost' are spelt alike" in refused(tmp_path, "focus", bill)


def test_a_json_field_that_is_no_list(tmp_path):
    # beside other kinds of value DuckDB takes the whole field for text, so the first row is named
    assert "column labels" in refused(tmp_path, "gcp", put(gcp("a.json", "1"), "labels", "text"))


def test_a_json_field_in_another_case(tmp_path):
    bill = gcp("a.json", "1")
    bill.columns[bill.place("cost")].name = "COST"
    assert "field 'COST' is 'cost'" in refused(tmp_path, "gcp", bill)


@pytest.mark.parametrize(
    ("provider", "column", "type_", "value"),
    [
        ("gcp", "cost", TEXT, "1.5"),
        ("gcp", "cost", pa.bool_(), True),
        ("gcp", "usage_end_time", pa.int64(), 7),
        ("gcp", "labels", TEXT, "a"),
        ("aws", "product", TEXT, "abc"),
    ],
)
def test_parquet_columns_of_another_type(tmp_path, provider, column, type_, value):
    bill = gcp("a.parquet", "1") if provider == "gcp" else aws("a.parquet", "1", False)
    bill.columns[bill.place(column)].type = type_
    for row in bill.rows:
        row[bill.place(column)] = value
    assert f"row 1, column {column}" in refused(tmp_path, provider, bill)


def test_a_number_in_a_column_that_only_the_warehouse_knows_by_its_spelling(tmp_path):
    bill = gcp("bill.parquet", "1")
    bill.columns.append(Column("costatlist", TEXT))
    for row in bill.rows:
        row.append("1,234.50")
    assert "costatlist" in refused(tmp_path, "gcp", bill)


def test_parquet_that_is_damaged_in_a_column_that_landing_does_not_add_up(tmp_path):
    bill = focus("a.parquet", "1")
    data = bill.encode()
    place = data.index(b"Compute")
    bill.spoils.append(lambda data: data[: place - 4] + b"\xff" * 8 + data[place + 4 :])
    assert "cut short or damaged" in refused(tmp_path, "focus", bill)


def test_a_charge_type_that_is_not_text(tmp_path):
    bill = aws("a.parquet", "1", False)
    place = bill.place("line_item_line_item_type")
    bill.columns[place].type = pa.list_(TEXT)
    for row in bill.rows:
        row[place] = [row[place]]
    assert "column line_item_line_item_type" in refused(tmp_path, "aws", bill)


def test_a_time_that_two_bills_spell_in_two_ways_and_types(tmp_path):
    for scope in ("one", "two"):
        bill = gcp(f"{scope}.parquet", scope)
        place = bill.place("usage_end_time")
        if scope == "two":
            bill.columns[place] = Column("UsageEndTime", TEXT)
            for row in bill.rows:
                row[place] = row[place].isoformat()
        (tmp_path / scope).mkdir()
        (tmp_path / scope / bill.name).write_bytes(bill.encode())
        assert land("gcp", str(tmp_path / scope), tmp_path / "lake", scope=scope).landed
    lake = Quick(tmp_path / "lake")
    lake.run("run", "--select", "+base_gcp__usage")
    assert lake.query("select count(usage_end_at) from staging.base_gcp__usage") == [(2 * len(bill.rows),)]
