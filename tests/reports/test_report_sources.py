"""What the site's sources make of the marts: on DuckDB alone, without Evidence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from published import contracts, publish

from orchestration import reporting

SOURCES = reporting.PROJECT / "sources" / "marts"
NAMES = sorted(path.stem for path in SOURCES.glob("*.sql") if path.stem != "initialize")


@pytest.fixture(scope="module", params=["filled", "empty"])
def marts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    room = tmp_path_factory.mktemp(request.param)
    (room / "data").symlink_to(publish(room / "lake", {} if request.param == "empty" else None))
    before = Path.cwd()
    os.chdir(room)  # Evidence runs sources in its own folder too
    yield request.param, room
    os.chdir(before)


def run(name: str, question: str = "") -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute((SOURCES / "initialize.sql").read_text())
        sql = (SOURCES / f"{name}.sql").read_text()
        return connection.execute(f"{question} ({sql})" if question else sql).fetchall()


def test_every_mart_that_is_read_has_a_contract() -> None:
    assert reporting.marts() - contracts().keys() == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_source_is_never_empty_and_holds_what_a_browser_can_keep(
    marts: tuple[str, Path], name: str
) -> None:
    """An empty table would be no file and break the whole site; an empty date column would become a number."""
    rows = run(name)
    assert len(rows) >= 1
    types = {type_ for _, type_, *_ in run(name, "describe")}
    assert {type_ for type_ in types if re.match("DATE|TIMESTAMP|BOOLEAN|DECIMAL", type_)} == set()
    [(others,)] = run(name, "select count(*) filter (where is_row = 0) from")
    assert others == 1
    if marts[0] == "empty":
        assert len(rows) <= 4  # the periods of no data among them


@pytest.mark.parametrize("name", NAMES)
def test_money_stands_beside_its_currency(marts: tuple[str, Path], name: str) -> None:
    columns = {column for column, *_ in run(name, "describe")}
    money = {c for c in columns if c.endswith("_cost") or c == "amount"} - {"of_cost"}
    assert not money or "billing_currency" in columns


@pytest.mark.parametrize("name", ["spend", "resources", "chargebacks", "month_to_date", "kpis", "daily"])
def test_what_filters_offer_holds_no_quote(marts: tuple[str, Path], name: str) -> None:
    columns = {c for c, type_, *_ in run(name, "describe") if type_ == "VARCHAR"} - {"owner", "resource_id"}
    for column in columns:
        assert all("'" not in (value or "") for (value,) in run(name, f"select {column} from"))


def test_the_running_month_is_compared_with_its_own_days(marts: tuple[str, Path]) -> None:
    if marts[0] == "empty":
        pytest.skip("nothing to compare")
    found = run(
        "month_to_date",
        "select effective_so_far, effective_same_days, effective_month_before, billed_so_far from",
    )
    # acme: 18 days of 11 each in March; as many in February, which has 28; tax and the days after the 18th left out
    assert sorted(found, key=lambda row: row[0] or 0)[1] == pytest.approx((198, 198, 308, 396))


def test_a_month_without_its_last_days_says_so(marts: tuple[str, Path]) -> None:
    if marts[0] == "empty":
        pytest.skip("nothing to say")
    months = {month: name for month, name in run("spend", "select distinct month, month_name from") if month}
    assert months == {"2026-01-01": "Jan ’26", "2026-02-01": "Feb ’26", "2026-03-01": "Mar so far"}
