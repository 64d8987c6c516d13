"""Every format of docs/formats.md, every file type of it and every variant has a golden case."""

from __future__ import annotations

import re

import pytest
import yaml
from golden_cases import FOLDER, Case, cases
from lakes import PROJECT

VARIANTS: dict[str, dict[str, list[str]]] = yaml.safe_load((FOLDER / "variants.yml").read_text())
TYPES = {"parquet": "Parquet", "csv": "CSV", "csv.gz": "CSV", "json": "JSON lines"}


def formats() -> list[tuple[str, str]]:
    """(format, file type) of the table at the top of docs/formats.md; "AWS FOCUS 1.0 / 1.2" is two formats."""
    found = []
    for line in (PROJECT / "docs" / "formats.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if len(cells) == 9 and cells[0] != "format" and not cells[0].startswith("-"):
            name = re.sub(r"\*\*| \(.*\)", "", cells[0])
            first, *more = name.split(" / ")
            names = [first, *(f"{first.rpartition(' ')[0]} {version}" for version in more)]
            found += [(name, kind) for name in names for kind in cells[2].split(", ")]
    return found


def holds(case: Case, name: str, kind: str) -> bool:
    return case.about["bill"] == name and kind in {TYPES[file["format"]] for file in case.files}


def test_the_formats_are_read_from_the_documentation() -> None:
    assert ("AWS CUR 2.0", "CSV") in formats() and ("Azure FOCUS 1.2", "Parquet") in formats()


@pytest.mark.parametrize(("name", "kind"), formats())
def test_every_format_and_file_type_has_a_case(name: str, kind: str) -> None:
    assert [case.name for case in cases() if holds(case, name, kind)], f"no case is a {name} in {kind}"


def test_every_variant_has_a_case_and_every_case_is_a_variant() -> None:
    by_name = {case.name: case for case in cases()}
    named = [
        (bill, name) for bill, variants in VARIANTS.items() for names in variants.values() for name in names
    ]
    assert all(names for variants in VARIANTS.values() for names in variants.values())
    assert {name for _, name in named} == set(by_name)
    assert [(bill, name) for bill, name in named if by_name[name].about["bill"] != bill] == []


def test_every_bill_is_one_of_the_documented_formats() -> None:
    assert {case.about["bill"] for case in cases()} <= {name for name, _ in formats()}
