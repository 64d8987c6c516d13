"""The SQL inside pages: each query runs on the sources' tables, for any choice of the filters, and what charts and
tables show of it is there. On DuckDB alone; that the browser's older one reads it too is what test_site.py shows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest
from published import publish

from orchestration import reporting

PAGES = {path.stem: path for path in sorted((reporting.PROJECT / "pages").glob("*.md"))}
SOURCES = reporting.PROJECT / "sources" / "marts"
CHOICES = ("all", "USD", "billed", "2026-03-01", "no such choice")
# what names a column: of charts and big values, and of a table's columns
_COLUMNS = re.compile(r"\b(?:value|comparison|x|y|series|groupBy|link|label|order)=(\w+)")
_COLUMN = re.compile(r"<Column id=(\w+)")


@cache
def text(page: str) -> str:
    """A page with its partials in place."""
    return re.sub(
        r'\{@partial "([\w.]+)"\}',
        lambda found: (reporting.PROJECT / "partials" / found[1]).read_text(),
        PAGES[page].read_text(),
    )


def queries(page: str) -> dict[str, str]:
    return dict(re.findall(r"^```sql (\w+)\n(.*?)^```", text(page), re.S | re.M))


def whole(page: str, name: str, choice: str) -> str:
    """A query as Evidence sends it: others that it names put in, each filter's value between its quotes."""
    sql = re.sub(r"\$\{inputs\.[\w.]+\}", choice, queries(page)[name])
    return re.sub(r"\$\{(\w+)\}", lambda found: f"({whole(page, found[1], choice)})", sql)


def shown(page: str) -> Iterator[tuple[str, str]]:
    """Query and column of all that components show."""
    rest = re.sub(r"^```.*?^```", "", text(page), flags=re.S | re.M)
    for tag in re.findall(r"<\w+ [^>]*data=\{.*?>(?=\n)(?:\n    <Column.*?/>(?=\n))*", rest, re.S):
        data = re.search(r"data=\{(\w+)\}", tag)[1]
        head = tag.partition("\n    <Column")[0]
        yield from ((data, column) for column in _COLUMNS.findall(head) + _COLUMN.findall(tag))


@pytest.fixture(scope="module", params=["filled", "empty"])
def marts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with a table for each source, as Evidence hands it to the browser."""
    room = tmp_path_factory.mktemp(request.param)
    (room / "data").symlink_to(publish(room / "lake", {} if request.param == "empty" else None))
    before = Path.cwd()
    os.chdir(room)
    with duckdb.connect() as connection:
        connection.execute((SOURCES / "initialize.sql").read_text())
        connection.execute("create schema marts")
        for source in SOURCES.glob("*.sql"):
            if source.stem != "initialize":
                connection.execute(f"create table marts.{source.stem} as {source.read_text()}")
        os.chdir(before)
        yield connection


@pytest.mark.parametrize("page", PAGES)
def test_its_queries_run_whatever_is_chosen(marts: duckdb.DuckDBPyConnection, page: str) -> None:
    assert queries(page)
    for name in queries(page):
        for choice in CHOICES:
            marts.execute(whole(page, name, choice)).fetchall()


@pytest.mark.parametrize("page", PAGES)
def test_what_it_shows_is_a_column_of_its_query(marts: duckdb.DuckDBPyConnection, page: str) -> None:
    found = list(shown(page))
    assert found
    for name, column in found:
        described = marts.execute(f"describe {whole(page, name, 'all')}").fetchall()
        assert column in {row[0] for row in described}, f"{page}: {name} has no {column}"


@pytest.mark.parametrize("page", PAGES)
def test_a_filter_that_a_query_reads_is_on_the_page(page: str) -> None:
    asked = set(re.findall(r"\binputs\.(\w+)", text(page)))
    offered = set(re.findall(r"<(?:Dropdown|ButtonGroup) name=(\w+)", text(page)))
    assert asked == offered


@pytest.mark.parametrize("page", PAGES)
def test_money_is_shown_with_a_format(page: str) -> None:
    """An amount without one would be a bare number of many digits."""
    for column in re.findall(r"<Column id=\w+_cost\b.*", text(page)):
        assert "fmt=" in column, f"{page}: {column}"
