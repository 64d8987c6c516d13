"""The house rules of layers and names, read from dbt's manifest and the models' own code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from portable_sql import unportable

PROJECT = Path(__file__).parents[1]


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


def key_test_kinds(manifest: dict, name: str) -> set[str]:
    """Of a model's data tests, what they hold its key to: `unique`, `not null`, both or neither."""
    held = {
        "unique": "unique",
        "unique_together": "unique",
        "not_null": "not null",
        "not_null_when": "not null",
    }
    return {
        held[node["test_metadata"]["name"]]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name") in held
        and node["attached_node"] == f"model.cloudtally.{name}"
    }


def is_upstream(manifest: dict, name: str, downstream: str) -> bool:
    parents = [
        manifest["nodes"][p]["name"]
        for p in manifest["nodes"][f"model.cloudtally.{downstream}"]["depends_on"]["nodes"]
        if p.startswith("model.")
    ]
    return name in parents or any(is_upstream(manifest, name, parent) for parent in parents)


def test_names_tell_the_layer(manifest: dict) -> None:
    prefix = {"base": "base_", "staging": "stg_", "intermediate": "int_"}
    wrong = [n["name"] for n in models(manifest) if not n["name"].startswith(prefix.get(layer(n), ""))]
    assert wrong == []


def test_models_stand_by_layer_and_topic(manifest: dict) -> None:
    """A topic has one name in all layers, so that what leads to a mart is found beside it."""
    topics: dict[str, set[str]] = {"intermediate": set(), "marts": set()}
    loose = []
    for node in models(manifest):
        if layer(node) in topics:
            folders = node["fqn"][2:-1]
            loose += [node["name"]] if len(folders) != 1 else []
            topics[layer(node)].update(folders)
    assert loose == []
    assert topics["intermediate"] <= topics["marts"]


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


def test_models_say_what_they_are_and_what_a_row_is(manifest: dict) -> None:
    wrong = [
        node["name"]
        for node in models(manifest)
        if not node["patch_path"]
        or not node["description"].strip()
        or not node["config"]["meta"].get("grain")
    ]
    assert wrong == []


def test_every_key_is_tested(manifest: dict) -> None:
    """In the model, or where meta.key_tested_in says, up or down the stream; staging's in the ledger, their union."""
    wrong = {}
    for node in models(manifest):
        name = node["name"]
        where = node["config"]["meta"].get(
            "key_tested_in", "cost_and_usage" if layer(node) == "staging" else name
        )
        if f"model.cloudtally.{where}" not in manifest["nodes"]:
            wrong[name] = f"key_tested_in names no model: {where}"
        elif (
            where != name
            and not is_upstream(manifest, name, where)
            and not is_upstream(manifest, where, name)
        ):
            wrong[name] = f"{where} has none of its rows"
        elif lacking := {"unique", "not null"} - key_test_kinds(manifest, where):
            wrong[name] = f"{where} is not tested to be {' and '.join(sorted(lacking))}"
    assert wrong == {}


SQL = [
    path
    for folder, pattern in (
        ("models", "**/*.sql"),
        ("snapshots", "**/*.sql"),
        ("tests", "*.sql"),
        ("tests/generic", "*.sql"),
        ("macros/allocation", "*.sql"),
        ("macros/focus", "*.sql"),
        ("macros/currency", "*.sql"),
    )
    for path in sorted((PROJECT / folder).glob(pattern))
]


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.stem)
def test_sql_keeps_to_the_portable_subset(path: Path) -> None:
    assert unportable(path.read_text()) == {}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("select cast(x as double) as y", "a type's own name in a cast"),
        ("select cast(x as decimal(38, 12)) as y", "a type's own name in a cast"),
        ("select {{ month_of('cast(x as timestamp)') }} as y", "a type's own name in a cast"),
        ("select a > 1 as is_large", "a condition in a select list"),
        ("select a = 'x' as is_x", "a condition in a select list"),
        ("select a is not null as has_a", "a condition in a select list"),
        ("select usage.amount, t.invoice.month from t", "a field of a struct"),
        ('select "bill/BillType" as bill_type', "a quoted name"),
        ("select greatest(a, b) as c", "greatest, least"),
        ("select {{ dbt.dateadd('day', 1, 'd') }} as e", "dbt.dateadd"),
        ("select {{ 1 if target.type == 'synapse' }} as e", "target.type"),
    ],
)
def test_what_one_engine_alone_reads_is_found(code: str, found: str) -> None:
    assert list(unportable(code)) == [found]


def test_what_all_engines_read_is_not_found() -> None:
    code = """
    -- greatest(a, b) :: in a comment
    select
        cast(a as {{ type_double() }}) as b, cast(c as date) as d, 'x = 1 as y' as text, {{ money('e') }} as f,
        case when g = 1 and h is null then 'limit' else i end as j
    from k as l left join m on l.n = m.n and l.o >= m.o
    """
    assert unportable(code) == {}


DIALECT = sorted((PROJECT / "macros" / "dialect").glob("*.sql"))


@pytest.mark.parametrize("path", DIALECT, ids=lambda path: path.stem)
def test_a_dialect_macro_stands_in_the_file_of_its_name(path: Path) -> None:
    assert f"macro {path.stem}(" in path.read_text()


@pytest.mark.parametrize("path", DIALECT, ids=lambda path: path.stem)
def test_a_dialect_macro_has_a_test_on_literals(path: Path) -> None:
    test = PROJECT / "tests" / "dialect" / path.name
    assert test.is_file() and re.search(rf"\b{path.stem}\(", test.read_text())


def test_dialect_tests_test_a_macro() -> None:
    tested = {path.name for path in (PROJECT / "tests" / "dialect").glob("*.sql")}
    assert tested - {path.name for path in DIALECT} == set()


@pytest.mark.parametrize("path", DIALECT, ids=lambda path: path.stem)
def test_a_dialect_macro_is_used(path: Path) -> None:
    code = [
        f
        for folder in ("models", "macros", "snapshots")
        for f in (PROJECT / folder).rglob("*.sql")
        if f != path
    ]
    assert any(re.search(rf"\b{path.stem}\(", f.read_text()) for f in code)


def test_test_files_differ_in_name() -> None:
    """pytest imports those outside packages by their bare names, so that the second of a pair would not run."""
    paths = [p for p in (PROJECT / "tests").rglob("test_*.py") if not (p.parent / "__init__.py").exists()]
    names = [path.name for path in paths]
    assert sorted(str(path) for path in paths if names.count(path.name) > 1) == []
