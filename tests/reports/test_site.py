"""The site as a browser shows it: built once from copies written by hand, then looked at in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from browser import CHROMIUM, DRIVER, Browser, browsing
from published import publish

from orchestration import reporting, static_site

pytestmark = pytest.mark.slow

PAGES = {
    "": "Overview",
    "providers-and-services": "Providers and services",
    "chargeback": "Chargeback",
    "budgets": "Budgets",
    "commitments": "Commitments",
    "anomalies": "Anomalies",
    "forecast": "Forecast",
    "tag-compliance": "Tag compliance",
    "data-health": "Data health",
    "kpis": "KPIs",
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("site") / "lake"
    publish(lake)
    return lake


@pytest.fixture(scope="module")
def site(lake: Path) -> Iterator[str]:
    """The built site's address. One build for all tests: with the packages installed about a minute and a half."""
    pytest.importorskip("selenium", reason="needs selenium, of the dev dependencies")
    for program, there in {"node": shutil.which("node"), "npm": shutil.which("npm")}.items():
        if not there:
            pytest.skip(f"no {program} on this machine: the site cannot be built")
    if not CHROMIUM or not DRIVER:
        pytest.skip("no chromium with its chromedriver on this machine: the site cannot be looked at")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOUDTALLY_LAKE", str(lake))
        built = reporting.build(lambda step: None)
    with static_site.serving(built.folder) as url:
        yield url


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    with browsing(site) as browser:
        yield browser


def expected(lake: Path, cost: str, where: str) -> str:
    """What SQL says of the daily costs, as the site writes money."""
    file = lake / "published" / "daily_cost.parquet"
    [(currency, amount)] = duckdb.sql(
        f"select billing_currency, sum({cost}) from '{file}' where charge_category <> 'Tax' "
        f"and charge_date between '2026-03-01' and '2026-03-18' and {where} group by billing_currency"
    ).fetchall()
    return f"{currency} {amount:,.0f}"


def so_far(browser: Browser) -> str:
    return next(line for line in browser.text().split("This month so far\n")[1].splitlines() if line.strip())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_renders_alone(browser: Browser, page: str) -> None:
    browser.open(page)
    text = browser.text()
    assert PAGES[page] in text
    assert not [
        word
        for word in ("Catalog Error", "Binder Error", "Parser Error", "[object", "NaN", "undefined")
        if word in text
    ]
    assert browser.complaints() == []
    outside = [u for u in browser.requested() if not u.startswith((browser.url, "data:", "blob:"))]
    assert outside == []


def test_filters_change_numbers_to_what_sql_gives(browser: Browser, lake: Path) -> None:
    browser.open("")
    assert so_far(browser) == expected(lake, "effective_cost", "billing_currency = 'USD'")
    browser.pick("Provider", "beta")
    assert so_far(browser) == expected(lake, "effective_cost", "provider = 'beta'")
    browser.press("Billed")
    assert so_far(browser) == expected(lake, "billed_cost", "provider = 'beta'")
    browser.pick("Account", "Ada’s lab")  # a quote in a name is no end of a text
    assert so_far(browser) == expected(lake, "billed_cost", "provider = 'beta'")
    browser.pick("Provider", "All providers")
    browser.pick("Account", "All accounts")
    browser.pick("Currency", "EUR")
    assert so_far(browser) == expected(lake, "billed_cost", "provider = 'gamma'")
    assert browser.complaints() == []


def test_currencies_are_never_added(browser: Browser) -> None:
    browser.open("")
    for currency, other in (("USD", "EUR"), ("EUR", "USD")):
        browser.pick("Currency", currency)
        assert f"{other} " not in browser.text().replace("Currency", "")
        assert "18 of 31 days" in browser.text()


def test_one_drills_from_category_to_resource(browser: Browser) -> None:
    browser.open("providers-and-services")
    browser.pick("Period", "Running month")
    browser.pick("1 · Category", "Integration")
    browser.pick("2 · Service", "People’s Queue")
    assert "r-beta" in browser.text() and "USD 396.00" in browser.text()  # 18 days of 22
    assert browser.complaints() == []


@pytest.mark.parametrize(
    ("page", "words"),
    {
        "budgets": "No budget of this currency and month",
        "commitments": "Nothing: no purchase would save money",
        "anomalies": "No incidents for these filters",
        "tag-compliance": "No cost here can bear a required tag",
        "data-health": "Nothing: no month is missing",
        "kpis": "No whole month yet",
    }.items(),
)
def test_what_is_empty_says_so(browser: Browser, page: str, words: str) -> None:
    browser.open(page)
    browser.pick("Currency", "EUR")
    assert words in browser.text()
    assert browser.complaints() == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_shows_it_without_moving_sideways(site: str, dark: bool) -> None:
    with browsing(site, width=390, height=844, dark=dark) as phone:
        for page in ("", "chargeback"):
            phone.open(page)
            wide, paper = phone.driver.execute_script(
                "return [document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]"
            )
            assert wide <= 390
        light = [int(part) for part in paper[paper.index("(") + 1 : -1].split(",")[:3]]
        assert (sum(light) < 200) == dark
