"""How tests are shared out when several processes run them (`pytest -n auto --dist loadgroup`).

Here: which tests stay together because they share something costly. Not here: fixtures.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.pop("COLUMNS", None)  # the width that xdist gives its workers; the commands print for a person's

TESTS = Path(__file__).parent
# folders whose tests share what a session makes once
TOGETHER = ("golden", "defects", "demo", "validation")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    """A file's tests stay together; so do those of an engine, of a fuzzed provider, and of some folders."""
    folder, *rest = item.path.relative_to(TESTS).parts
    parameters = getattr(item, "callspec", None)
    if folder == "engines":
        engine = parameters.params.get("rig") if parameters else None
        return f"engines {engine or rest[0]}"
    if folder == "fuzz" and parameters and "landed" in parameters.params:
        return f"fuzz {parameters.params['landed']}"
    return folder if folder in TOGETHER else "/".join([folder, *rest])
