"""The generated FOCUS bill of the fourth vendor: columns, equations, totals."""

from demo.focus_catalog import NAMES


def test_all_columns_of_focus_1_2_are_there(raw):
    names = [row[0] for row in raw.execute("describe select * from focus").fetchall()]
    assert names == NAMES and len(names) == 57


def test_categories(raw):
    kinds = raw.execute("select distinct ChargeCategory, ChargeFrequency, ChargeClass from focus").fetchall()
    assert set(kinds) == {
        ("Usage", "Usage-Based", None),
        ("Usage", "Usage-Based", "Correction"),
        ("Purchase", "Recurring", None),
        ("Purchase", "One-Time", None),
        ("Tax", "Recurring", None),
    }


def test_cost_is_price_times_quantity(raw):
    for cost, price in (("ListCost", "ListUnitPrice"), ("ContractedCost", "ContractedUnitPrice")):
        worst = raw.execute(
            f"""
            select max(abs(
                cast({cost} as double) - cast({price} as double) * cast(PricingQuantity as double)
            ))
            from focus where ChargeCategory in ('Usage', 'Purchase')
            """
        ).fetchall()[0][0]
        assert worst < 1e-9


def test_never_null_columns_are_filled(raw):
    for column in (
        "BilledCost",
        "ServiceName",
        "ServiceCategory",
        "BillingPeriodStart",
        "ProviderName",
        "InvoiceIssuerName",
    ):
        assert raw.execute(f"select count(*) from focus where {column} is null").fetchall()[0][0] == 0


def test_open_month_has_no_invoice_and_times_are_utc_seconds(raw):
    rows = raw.execute(
        "select BillingPeriodStart, count(InvoiceId) from focus group by 1 order by 1"
    ).fetchall()
    assert [(start, invoiced > 0) for start, invoiced in rows] == [
        ("2026-09-01T00:00:00Z", True),
        ("2026-10-01T00:00:00Z", False),
    ]
