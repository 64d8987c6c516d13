"""Sources that arrive day by day, landed one delivery after another and built once: until when each is whole.

The truth is how the bills are written: of a day that is `age` days old a delivery holds a known share.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from lakes import Warehouse
from quick import Quick

DAY = timedelta(days=1)
FULL = 100  # what a day costs in the end
CUR = (
    "bill_payer_account_id,bill_billing_period_start_date,line_item_usage_account_id,line_item_usage_start_date,"
    "line_item_line_item_type,line_item_product_code,line_item_unblended_cost,line_item_currency_code"
)


def days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def share(shares: Sequence[float], age: int) -> float:
    return shares[age] if age < len(shares) else 1.0


class Source:
    """Bills of one scope: a delivery the morning after each day, of the whole month."""

    def __init__(self, lake: Warehouse, folder: Path, account: str) -> None:
        self.lake, self.folder, self.account = lake, folder / account, account
        self.folder.mkdir()

    def month(self, start: date, known: date, shares: Sequence[float], closed: date | None = None) -> None:
        """AWS's month when usage is known to a day, maybe after its end; a second account has none after `closed`."""
        rows = [CUR]
        last = min(known, (start + 31 * DAY).replace(day=1) - DAY)
        for day in days(start, last):
            for user in ("one", "two"):
                if user == "one" or (closed and day <= closed):
                    cost = FULL * share(shares, (known - day).days)
                    rows.append(
                        f"{self.account},{start},{self.account}-{user},{day},Usage,AmazonEC2,{cost},USD"
                    )
        # tax is no usage, whatever day it stands on; its amount makes each export another one
        rows.append(
            f"{self.account},{start},{self.account}-one,{start + 27 * DAY},Tax,AmazonEC2,{known.day},USD"
        )
        self._land("aws", self.folder / "bill.csv", "\n".join([*rows, ""]), known + DAY, dataset="cur2")

    def increment(self, first: date, last: date, shares: Sequence[float]) -> None:
        """Google's rows exported the morning after a last day: of each day what was not there before."""
        at = datetime(last.year, last.month, last.day, 6, tzinfo=UTC) + DAY
        rows = []
        for age, day in enumerate(reversed(days(first, last))):
            before = share(shares, age - 1) if age and last > first else 0.0
            if share(shares, age) > before:
                rows.append(
                    {
                        "billing_account_id": self.account,
                        "invoice": {"month": f"{day:%Y%m}"},
                        "project": {"id": "shop"},
                        "service": {"id": "6F81-5844-456A", "description": "Compute Engine"},
                        "sku": {"id": "A1", "description": "Cores"},
                        "usage_start_time": f"{day}T12:00:00Z",
                        "usage_end_time": f"{day}T13:00:00Z",
                        "export_time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                        "cost_type": "regular",
                        "cost": str(round(FULL * (share(shares, age) - before), 6)),
                        "currency": "USD",
                        "currency_conversion_rate": "1",
                    }
                )
        self._land("gcp", self.folder / "rows.json", "\n".join(map(json.dumps, rows)), last + DAY)

    def _land(self, provider: str, path: Path, text: str, at: date, **options: str) -> None:
        path.write_text(text)
        moment = datetime(at.year, at.month, at.day, 6, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
        assert self.lake.land(provider, path, scope=self.account, **options).landed


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Quick:
    """Every source below, landed without a build in between, then built once."""
    folder = tmp_path_factory.mktemp("arrivals")
    lake = Quick(folder / "lake")
    march, april = date(2026, 3, 1), date(2026, 4, 1)

    six = Source(lake, folder, "six")
    for last in days(date(2026, 4, 3), date(2026, 4, 8)):
        six.month(april, last, (0.4,))

    eight = Source(lake, folder, "eight")
    for last in days(date(2026, 4, 1), date(2026, 4, 8)):
        eight.month(april, last, (0.4,))

    # three open days across the end of a month, which is exported again until it is closed
    three = Source(lake, folder, "three")
    for last in days(date(2026, 3, 28), date(2026, 4, 8)):
        if last >= april:
            three.month(april, last, (0.2, 0.5, 0.9))
        if last <= date(2026, 4, 6):
            three.month(march, last, (0.2, 0.5, 0.9), closed=date(2026, 3, 27))

    google = Source(lake, folder, "google")
    for last in days(date(2026, 4, 1), date(2026, 4, 9)):
        google.increment(april, last, (0.2, 0.5, 0.9))

    # a March of two days after its end, in one source exported once more, the same, when it was settled
    for name in ("once", "again"):
        source = Source(lake, folder, name)
        source.month(march, april, ())
        if name == "again":
            settled = datetime(2026, 4, 6, 6, tzinfo=UTC).timestamp()
            os.utime(folder / name / "bill.csv", (settled, settled))
            assert lake.land("aws", folder / name / "bill.csv", scope=name, dataset="cur2").skipped
        source.month(april, date(2026, 4, 8), ())

    tests = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    lake.run("build", "--select", "+completeness", "+gaps", *tests)
    return lake


def whole(lake: Warehouse, scope: str) -> tuple:
    return lake.query(
        f"select complete_through, lag_days, lag_source from marts.completeness where scope = '{scope}'"
    )[0]


def test_before_seven_deliveries_the_default_counts(lake: Quick) -> None:
    assert whole(lake, "six") == (date(2026, 4, 6), 2, "provider default")


def test_a_source_that_leaves_its_last_day_open_is_whole_the_day_before(lake: Quick) -> None:
    assert whole(lake, "eight") == (date(2026, 4, 7), 1, "arrival pattern")


def test_three_open_days_are_found_across_months(lake: Quick) -> None:
    assert whole(lake, "three") == (date(2026, 4, 5), 3, "arrival pattern")


def test_an_export_of_the_same_files_settles_a_month(lake: Quick) -> None:
    assert whole(lake, "once") == (date(2026, 3, 29), 2, "provider default")
    assert whole(lake, "again") == (date(2026, 4, 6), 2, "provider default")


def test_what_google_appends_is_summed(lake: Quick) -> None:
    assert whole(lake, "google") == (date(2026, 4, 6), 3, "arrival pattern")


def test_a_manifest_says_what_each_day_brought(lake: Quick) -> None:
    assert lake.query(
        "select days.charge_date, days.rows, days.cost from raw.delivery_days as days join raw.deliveries "
        "using (delivery_id) where scope = 'eight' and exported_at = timestamp '2026-04-03 06:00' order by all"
    ) == [(date(2026, 4, 1), 1, 100), (date(2026, 4, 2), 1, 40)]


def test_the_account_that_closed_is_the_one_gap_with_its_last_day(lake: Quick) -> None:
    columns = (
        "gap_kind, scope, sub_account_id, missing_from, missing_through, last_charge_date, typical_daily_cost"
    )
    assert lake.query(f"select {columns} from marts.gaps") == [
        ("silent_account", "three", "three-two", date(2026, 3, 28), date(2026, 4, 5), date(2026, 3, 27), FULL)
    ]


def test_the_demo_estate_has_no_gap(built: Warehouse) -> None:
    """Its accounts neither start nor close: each has charges on the last whole day."""
    assert built.query("select * from marts.gaps") == []
    assert {through for (through,) in built.query("select complete_through from marts.completeness")} == {
        date(2026, 10, 26)
    }
