"""The house rules of layers and names, read from dbt's manifest and the models' own code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from layer_rules import broken, models
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


def test_models_keep_the_house_rules(manifest: dict) -> None:
    assert len(models(manifest)) > 50
    faults = broken(manifest)
    assert not faults, "\n\n".join(["house rules (CONTRIBUTING.md says more):", *faults])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fqn": ["cloudtally", "intermediate", "costs", "spend"]}, "named int_<topic>__<what>"),
        ({"fqn": ["cloudtally", "marts", "spend"]}, "stands with no topic"),
        ({"depends_on": {"nodes": ["source.cloudtally.aws.cur2"]}}, "reads the bill aws.cur2 itself"),
        ({"patch_path": None}, "nothing describes it; write models/marts/costs/spend.yml"),
        ({"description": " "}, "has no description"),
        ({"config": {"meta": {}}}, "does not say what a row is"),
        ({"contract": {"enforced": False}}, "a mart has a contract"),
        ({"columns": {"effective_cost": {"description": ""}}}, "effective_cost without a meaning"),
        ({"columns": {"effective_cost": {"description": "x"}}}, "stands without billing_currency"),
        ({"config": {"meta": {"grain": "x", "key_tested_in": "daily_cost"}}}, "which has none of its rows"),
        ({"config": {"meta": {"grain": "x", "key_tested_in": "nowhere"}}}, "there is no such model"),
        ({}, "no test holds the key of spend to be not null and unique"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_breaks_a_rule_is_told_which_where_and_what_to_do(
    manifest: dict, change: dict, said: str
) -> None:
    new = manifest["nodes"]["model.cloudtally.daily_cost"] | {
        "name": "spend",
        "fqn": ["cloudtally", "marts", "costs", "spend"],
        "original_file_path": "models/marts/costs/spend.sql",
        "depends_on": {"nodes": []},
    }
    nodes = manifest["nodes"] | {"model.cloudtally.spend": new | change}
    faults = broken(manifest | {"nodes": nodes})
    assert any(said in fault and fault.startswith("models/marts/costs/spend.") for fault in faults), faults
    assert all("spend" in fault for fault in faults)


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
        ("select a from b union select c from d", "union"),
        ("select a from b union distinct select c from d", "union"),
        (
            "select a from b left join c on b.d = c.d or b.e = c.e where f = 1",
            "an outer join without an equality",
        ),
        (
            "select a from b left join c on b.d >= c.d and b.d < c.e",
            "an outer join without an equality",
        ),
        (
            "select a from (select b from c full outer join d on (c.e = d.e or d.e is null))",
            "an outer join without an equality",
        ),
        (
            "with a as (select b as a from c), d as (select 1 as e from f) select a, e from a cross join d",
            "a CTE named as a column of its own",
        ),
        (
            "with g as (select 1 as h from i), a as (select c.b, max(c.a) over (), c.a from c) select * from a",
            "a CTE named as a column of its own",
        ),
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
    from k as l left join m on l.n = m.n and (l.o >= m.o or m.o is null) inner join p on l.q = p.q or p.q is null
    union all
    select r.b, r.d, r.text, r.f, r.j from r left join (select s from t where s = 1 or s = 2) as s on r.b = s.s
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
