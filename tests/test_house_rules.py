"""The house rules of layers and names, read from dbt's manifest and the models' own code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
FORBIDDEN = {
    "::": r"::",
    "limit": r"\blimit\b",
    "qualify": r"\bqualify\b",
    "using": r"\busing\s*\(",
    "||": r"\|\|",
    "filter (where)": r"\bfilter\s*\(",
    "any_value": r"\bany_value\b",
    "group by all": r"\bgroup by all\b",
    "ordinal group by": r"\bgroup by\s+\d",
    "target.type": r"target\.type",
}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict:
    target = tmp_path_factory.mktemp("target")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "dbt.cli.main",
            "parse",
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
        ]
        + ["--target-path", str(target), "--log-path", str(target)],
        check=True,
        capture_output=True,
        cwd=PROJECT,
    )
    return json.loads((target / "manifest.json").read_text())


def models(manifest: dict) -> list[dict]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(node: dict) -> str:
    return node["fqn"][1]


def test_names_tell_the_layer(manifest: dict) -> None:
    prefix = {"base": "base_", "staging": "stg_", "intermediate": "int_"}
    wrong = [n["name"] for n in models(manifest) if not n["name"].startswith(prefix.get(layer(n), ""))]
    assert wrong == []


def test_only_base_and_staging_read_bills(manifest: dict) -> None:
    wrong = [
        node["name"]
        for node in models(manifest)
        for parent in node["depends_on"]["nodes"]
        if parent.startswith("source.") and ".lake." not in parent and layer(node) not in ("base", "staging")
    ]
    assert wrong == []


def test_marts_carry_a_contract_and_a_grain(manifest: dict) -> None:
    marts = [node for node in models(manifest) if layer(node) == "marts"]
    assert len(marts) >= 5
    wrong = [n["name"] for n in marts if not n["contract"]["enforced"] or "grain" not in n["config"]["meta"]]
    assert wrong == []


@pytest.mark.parametrize("path", sorted((PROJECT / "models").rglob("*.sql")), ids=lambda path: path.stem)
def test_models_keep_to_the_portable_subset(path: Path) -> None:
    code = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|--[^\n]*|'[^']*'", " ", path.read_text(), flags=re.S)
    found = [name for name, pattern in FORBIDDEN.items() if re.search(pattern, code, re.I)]
    assert found == []


def test_a_dialect_macro_stands_in_the_file_of_its_name() -> None:
    for path in (PROJECT / "macros" / "dialect").glob("*.sql"):
        assert f"macro {path.stem}(" in path.read_text(), path.name
