"""How tests are shared out when several processes run them (`pytest -n auto`).

Here: which tests stay together because they share something costly. Not here: fixtures.
"""

from __future__ import annotations

import os
import re

import pytest

os.environ.pop("COLUMNS", None)  # the width that xdist gives its workers; the commands print for a person's
# folders whose tests share what a session makes once
TOGETHER = ("golden", "defects", "demo", "validation", "clouds")
# folders whose groups take minutes; taken up first, so that no process is left alone with one of them in the end
LONG = ("engines", "warehouse", "orchestration", "clouds", "fuzz")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Groups are taken up in the order of the tests: the long ones come early, many short ones last."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    config.option.loadscopereorder = False
    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One process alone tells what is quick to know first, as the files are ordered."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: LONG.index(part(item)) if part(item) in LONG else len(LONG))


def part(item: pytest.Item) -> str:
    """Its folder below tests/, or the file that stands there itself."""
    return item.nodeid.removeprefix("tests/").split("/")[0]


def group(nodeid: str) -> str:
    """A file's tests stay together; so do those of an engine, of a fuzzed provider, and of some folders."""
    path, *_ = nodeid.removeprefix("tests/").split("::")
    folder, *rest = path.split("/")
    if parameter := re.search(r"\[(athena|bigquery|synapse|aws|azure|gcp|focus)\]$", nodeid):
        if folder in ("engines", "fuzz"):
            return f"{folder} {parameter[1]}"
    if folder == "engines":
        return f"engines {rest[0]}"
    return folder if folder in TOGETHER else path
