"""dbt's exposures say truly which marts each page reads."""

from __future__ import annotations

import re

import yaml
from lineage import marts_of_pages, marts_of_sources

from orchestration import reporting

EXPOSURES = yaml.safe_load((reporting.PROJECT.parent / "models" / "_exposures.yml").read_text())["exposures"]


def test_each_page_has_an_exposure_of_exactly_what_it_reads() -> None:
    told = {
        re.search(r"reports/pages/([\w-]+)\.md", exposure["description"])[1]: {
            re.fullmatch(r"ref\('(\w+)'\)", ref)[1] for ref in exposure["depends_on"]
        }
        for exposure in EXPOSURES
        if exposure["name"].startswith("report_")
    }
    assert told == marts_of_pages()


def test_every_source_is_shown_and_every_mart_that_is_published_for_the_site_is_read() -> None:
    sources = marts_of_sources()
    text = "".join(
        path.read_text()
        for folder in ("pages", "partials")
        for path in (reporting.PROJECT / folder).glob("*.md")
    )
    assert sources.keys() == set(re.findall(r"\bmarts\.(\w+)", text))
    assert set().union(*sources.values()) == reporting.marts()
