"""Which marts each page of the site reads, told from the pages', partials' and sources' own SQL."""

from __future__ import annotations

import re
from pathlib import Path

from orchestration import reporting

SOURCES = reporting.PROJECT / "sources" / "marts"


def marts_of_pages() -> dict[str, set[str]]:
    """Page (its file's name) to the marts behind its sources."""
    sources = marts_of_sources()
    return {
        path.stem: {mart for source in _sources(path) for mart in sources[source]}
        for path in sorted((reporting.PROJECT / "pages").glob("*.md"))
    }


def marts_of_sources() -> dict[str, set[str]]:
    """Source (its file's name) to the marts that it reads itself or through a view that all share."""
    views: dict[str, set[str]] = {}
    for statement in (SOURCES / "initialize.sql").read_text().split(";"):
        if named := re.search(r"create view (\w+) as", statement):
            own = set(re.findall(r"read_parquet\('data/(\w+)\.parquet'\)", statement))
            views[named[1]] = own | _behind(statement[named.end() :], views)
    return {
        path.stem: _behind(path.read_text(), views)
        for path in SOURCES.glob("*.sql")
        if path.stem != "initialize"
    }


def _behind(sql: str, views: dict[str, set[str]]) -> set[str]:
    read = re.findall(r"\b(?:from|join) (\w+)", re.sub(r"--.*", "", sql))
    return {mart for name in read for mart in views.get(name, ())}


def _sources(page: Path) -> set[str]:
    text = page.read_text()
    for partial in re.findall(r'\{@partial "([\w.]+)"\}', text):
        text += (reporting.PROJECT / "partials" / partial).read_text()
    return set(re.findall(r"\bmarts\.(\w+)", text))
