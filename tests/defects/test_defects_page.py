"""docs/defects.md names each of the 35 defects and, for each, tests that exist."""

from __future__ import annotations

import re

import yaml
from lakes import PROJECT

PAGE = (PROJECT / "docs" / "defects.md").read_text(encoding="utf-8")
ROWS = {
    int(number): re.findall(r"`(\w+)`", tests)
    for number, tests in re.findall(r"^\| (\d+) \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE)
}


def python_tests(pattern: str) -> set[str]:
    return {
        name
        for path in PROJECT.glob(pattern)
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def dbt_tests() -> set[str]:
    """Unit tests and named data tests of the models, and the tests that are a query of their own."""
    names = {path.stem for path in (PROJECT / "tests").rglob("*.sql")}
    for path in (PROJECT / "models").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        names |= {test["name"] for test in (yaml.safe_load(text) or {}).get("unit_tests", ())}
        names |= set(re.findall(r"name: (ledger__\w+)", text))
    return names


def test_every_defect_has_a_test_that_exists() -> None:
    assert sorted(ROWS) == list(range(1, 36))
    assert [number for number, tests in ROWS.items() if not tests] == []
    known = python_tests("tests/**/test_*.py") | dbt_tests()
    assert [test for tests in ROWS.values() for test in tests if test not in known] == []


def test_every_test_of_a_defect_stands_beside_its_number() -> None:
    numbered = {name for name in python_tests("tests/defects/test_*.py") if re.match(r"test_\d\d_", name)}
    assert len(numbered) > 20
    assert [name for name in sorted(numbered) if name not in ROWS[int(name[5:7])]] == []
