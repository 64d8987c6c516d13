"""Files that are cut short, miscoded or misspelt: the message names file, field and remedy; nothing lands."""

import gzip
import zipfile

import pytest
from outcomes import only, refused
from tiny_bills import azure_row, csv_text, cur_row, focus_row, stored

from ingestion import land


def test_only_empty_files(bills, lake):
    bills.write("a.csv", b"")
    assert "empty" in refused("focus", bills.root, lake)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"hello world, this is a text\nmore,text\n", "not a cloud bill"),
        (b"a;b;c\n1;2;3\n", "not separated by commas"),
        ("a,b\n1,é\n".encode("utf-16"), "bill.csv"),
        (b"\x00\x01\x02\x03" * 100, "bill.csv"),
    ],
)
def test_not_a_bill(bills, lake, content, says):
    assert says in refused("aws", bills.write("bill.csv", content), lake)


def test_archives_are_to_be_unpacked(bills, lake):
    path = bills.write("bill.zip", b"")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bill.csv", "a,b\n")
    assert "unpack" in refused("aws", path, lake)


@pytest.mark.parametrize("value", ["1,25", "1.234,50", "€ 1", "NaN", "inf", "n/a"])
def test_costs_that_are_no_numbers(bills, lake, value):
    rows = [azure_row(), azure_row(CostInBillingCurrency=""), azure_row(CostInBillingCurrency=value)]
    message = refused("azure", bills.write("bill.csv", rows), lake)
    assert "row 3, column CostInBillingCurrency" in message
    assert repr(value) in message


def test_not_a_number_in_parquet(bills, lake):
    assert "row 1, column line_item_unblended_cost: 'nan'" in refused(
        "aws", bills.cur2("a.parquet", cost="'nan'"), lake
    )


@pytest.mark.parametrize(
    ("provider", "rows", "says"),
    [
        (
            "aws",
            [cur_row(), cur_row(**{"bill/BillingPeriodStartDate": "soon"})],
            "row 2, column bill/BillingPeriodStart",
        ),
        (
            "aws",
            [cur_row(**{"bill/PayerAccountId": " "})],
            "row 1, column bill/PayerAccountId: an empty value",
        ),
        ("azure", [azure_row(BillingPeriodEndDate="31/01/2026")], "BillingPeriodEndDate: '31/01/2026'"),
        ("azure", [azure_row(Date="15.01.2026")], "column Date: '15.01.2026' is not a date"),
        ("focus", [focus_row(BillingAccountId="NULL")], "row 1, column BillingAccountId"),
        ("focus", [focus_row(ProviderName="")], "names no provider"),
    ],
)
def test_rows_without_month_account_or_provider(bills, lake, provider, rows, says):
    assert says in refused(provider, bills.write("bill.csv", rows), lake)


def test_gcp_month_must_be_a_month(bills, lake):
    assert "invoice.month: '2026-01'" in refused("gcp", bills.gcp("a.parquet", month="2026-01"), lake)


def test_truncated_parquet(bills, lake):
    path = bills.cur2("a.parquet", rows=5000)
    path.write_bytes(path.read_bytes()[:-100])
    assert "a.parquet: the Parquet file is cut short" in refused("aws", path, lake)


def test_truncated_gzip(bills, lake):
    data = gzip.compress(
        csv_text([cur_row(lineItem__UnblendedCost=str(n / 7)) for n in range(5000)]).encode()
    )
    assert "a.csv.gz: the gzip file is cut short" in refused(
        "aws", bills.write("a.csv.gz", data[: len(data) // 2]), lake
    )


def test_damaged_gzip(bills, lake):
    data = bytearray(gzip.compress(csv_text([cur_row()] * 50).encode()))
    data[12:40] = b"\xff" * 28
    assert "a.csv.gz: the gzip file is cut short or damaged" in refused(
        "aws", bills.write("a.csv.gz", bytes(data)), lake
    )


def test_names_that_lie(bills, lake):
    assert "not Parquet" in refused("aws", bills.write("a.parquet", [cur_row()]), lake)
    assert "does not end in .gz" in refused("aws", bills.write("a.csv", gzip.compress(b"a,b\n")), lake)
    plain = bills.root / "b.csv.gz"
    plain.write_text("a,b\n")
    assert "is not gzip" in refused("aws", plain, lake)


def test_truncated_csv_line(bills, lake):
    text = csv_text([cur_row()] * 3)
    message = refused("aws", bills.write("a.csv", text[:-40]), lake)
    assert "a.csv: row 3 has 3 fields where the header has 7" in message
    late = csv_text([cur_row()] * 20000)
    assert "Expected Number of Columns: 7 Found: 3" in refused("aws", bills.write("a.csv", late[:-40]), lake)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-16", b""), ("utf-16-le", b""), ("utf-16-be", b""), ("utf-16-be", b"\xfe\xff")],
)
def test_utf_16(bills, lake, encoding, mark):
    bill = bills.write("bill.csv", mark + csv_text([azure_row()]).encode(encoding))
    assert "bill.csv: UTF-16 text, not UTF-8; save or export it as UTF-8 CSV" in refused("azure", bill, lake)


@pytest.mark.parametrize("name", ["bill.csv", "bill.csv.gz"])
@pytest.mark.parametrize("place", ["row", "header"])
def test_text_that_is_not_utf_8(bills, lake, name, place):
    row = azure_row(MeterCategory="Stockage réseau") if place == "row" else azure_row(**{"Durée": "1"})
    bill = bills.write(name, csv_text([azure_row() | dict.fromkeys(row, ""), row]).encode("latin-1"))
    assert f"{name}: not UTF-8 text" in refused("azure", bill, lake)


def test_a_byte_order_mark_is_fine(bills, lake):
    bill = bills.write("bill.csv", b"\xef\xbb\xbf" + csv_text([focus_row()]).encode())
    delivery = only(land("focus", str(bill), lake))
    assert delivery.columns[0].name == "BillingAccountId"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_quoted_line_breaks_and_rows_that_look_like_comments(bills, lake, end):
    rows = [
        focus_row(BillingAccountId="#1", ChargeDescription='two\nlines, "quoted"'),
        focus_row(BillingAccountId="#1", ChargeDescription="one\r\nmore"),
    ]
    names = list(rows[0])
    quoted = [",".join('"' + row[name].replace('"', '""') + '"' for name in names) for row in rows]
    bill = bills.write("bill.csv", end.join([",".join(names), *quoted, ""]))
    assert only(land("focus", str(bill), lake)).rows == 2


def test_a_row_that_begins_with_a_hash_is_a_charge(bills, lake):
    rows = [{"BillingAccountId": f"{mark}1", **{k: v for k, v in focus_row().items() if k != "BillingAccountId"}}
            for mark in "a#a"]  # fmt: skip
    assert only(land("focus", str(bills.write("bill.csv", rows)), lake)).rows == 3


@pytest.mark.parametrize(("again", "says"), [
    ("BilledCost", "column 'BilledCost' twice"), ("billedcost", "column 'billedcost' twice, as 'BilledCost' before"),
    ("x_Mine", "column 'x_Mine' twice"),
])  # fmt: skip
def test_a_header_that_names_a_column_twice(bills, lake, again, says):
    head, row = csv_text([focus_row(x_Mine="1")]).splitlines()
    message = refused("focus", bills.write("bill.csv", f"{head},{again}\n{row},2\n"), lake)
    assert says in message
    assert "bill.csv" in message


def test_tags_that_differ_by_letter_case_alone_are_fine(bills, lake):
    bill = bills.write("a.csv", [cur_row(**{"resourceTags/user:team": "shop"})])
    assert only(land("aws", str(bill), lake)).unknown_columns == ()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("Cost report\n", "", "row 1 has 8 fields where the header has 1"),
        ("\n", "", "its first line is empty"),
        ("", "Total,,,,1.5,,,\n", "row 2, column BillingPeriodStart: an empty value"),
        ("", "a,b\n", "row 2 has 2 fields where the header has 8"),
    ],
)
def test_lines_before_the_header_and_after_the_rows(bills, lake, before, after, says):
    assert says in refused("focus", bills.write("bill.csv", before + csv_text([focus_row()]) + after), lake)


def test_a_header_and_nothing_else(bills, lake):
    bill = bills.write("bill.csv", csv_text([focus_row()]).splitlines()[0] + "\n")
    assert [s.reason for s in land("focus", str(bill), lake).skipped] == ["holds no rows"]
    assert stored(lake) == []


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.parquet"])
def test_a_file_without_a_byte(bills, lake, name):
    assert "empty" in refused("focus", bills.write(name, b""), lake)


@pytest.mark.parametrize(("mark", "spoken"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_separators(bills, lake, mark, spoken):
    names = ["BilledCost", "BillingCurrency", "ChargeCategory"]
    text = f"{mark.join(names)}\n{mark.join(['1,5', 'EUR', 'Usage'])}\n"
    message = refused("focus", bills.write("bill.csv", text), lake)
    assert "bill.csv: its columns are not separated by commas but by " + spoken in message
    assert "'BilledCost'" in message
    assert "comma-separated CSV" in message


def test_decimal_commas(bills, lake):
    message = refused("azure", bills.write("bill.csv", [azure_row(CostInBillingCurrency="1.234,56")]), lake)
    assert "row 1, column CostInBillingCurrency: '1.234,56' is not a number (a decimal comma?)" in message
    assert "decimal point" in message


def test_what_was_found_near_a_missing_column(bills, lake):
    row = {"Billed Cost" if name == "BilledCost" else name: value for name, value in focus_row().items()}
    message = refused("focus", bills.write("bill.csv", [row]), lake)
    assert "bill.csv: required column BilledCost is missing for focus (found near it: Billed Cost" in message


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"ChargePeriodStart": "0001-01-01T00:00:00Z"},
            "column ChargePeriodStart: '0001-01-01T00:00:00Z' is not a date",
        ),
        ({"ChargePeriodStart": "2202-06-01"}, "is not a date of 2000 to 2099"),
        ({"ChargePeriodStart": "infinity"}, "is not a date"),
        ({"ChargePeriodStart": "2026-02-30"}, "is not a date"),
        (
            {"BillingPeriodStart": "1970-01-01"},
            "column BillingPeriodStart: '1970-01-01' is no billing period",
        ),
        ({"BillingPeriodStart": "9999-12-31T23:59:59Z"}, "is no billing period"),
        ({"BillingPeriodStart": "45658"}, "is no billing period"),
    ],
)
def test_absurd_dates(bills, lake, changes, says):
    rows = [focus_row(), focus_row(**changes)]
    message = refused("focus", bills.write("bill.csv", rows), lake)
    assert says in message
    assert "bill.csv: row 2" in message


def test_one_bad_file_of_several_leaves_nothing(bills, lake):
    for number in range(3):
        bills.write(f"{number}.csv", [focus_row(x_Number=str(number))])
    bills.write("9.csv", [focus_row(BilledCost="n/a")])
    assert "9.csv: row 1, column BilledCost" in refused("focus", bills.root, lake)
