"""What a run that takes up a killed one need not do again, on a project of three models and their tests, by hand."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

dg = pytest.importorskip("dagster", reason="needs the dagster extra: uv sync --extra dagster")
pytest.importorskip("dagster_dbt", reason="needs the dagster extra: uv sync --extra dagster")

from orchestration.flow import project, resuming  # noqa: E402

MODELS = ("first", "second", "third")  # each reads the one before
TESTS = {"first_is_unique": "first", "first_is_whole": "first", "second_is_unique": "second"}


def node(name: str, kind: str) -> dict:
    found = {"name": name, "resource_type": kind, "fqn": ["cloudtally", name], "config": {"schema": "marts"}}
    if kind == "test":
        found["attached_node"] = f"model.cloudtally.{TESTS[name]}"
    return found


MANIFEST = {
    "nodes": {f"model.cloudtally.{name}": node(name, "model") for name in MODELS}
    | {f"test.cloudtally.{name}": node(name, "test") for name in TESTS},
    "child_map": {
        "model.cloudtally.first": [
            "model.cloudtally.second",
            "test.cloudtally.first_is_unique",
            "test.cloudtally.first_is_whole",
        ],
        "model.cloudtally.second": ["model.cloudtally.third", "test.cloudtally.second_is_unique"],
    },
}
KEYS = {name: dg.AssetKey(["marts", name]) for name in MODELS}
CHECKS = {name: dg.AssetCheckKey(KEYS[model], name) for name, model in TESTS.items()}


@dg.multi_asset(
    specs=[dg.AssetSpec(key, skippable=True) for key in KEYS.values()],
    check_specs=[dg.AssetCheckSpec(key.name, asset=key.asset_key) for key in CHECKS.values()],
    can_subset=True,
)
def models(context):
    """What dagster-dbt tells of a run: the things that the run's tags name as built, passed or failed."""
    told = context.run.tags
    for name in told["built"].split():
        yield dg.MaterializeResult(KEYS[name], metadata={"unique_id": f"model.cloudtally.{name}"})
    for name in told["passed"].split() + told["failed"].split():
        key = CHECKS[name]
        metadata = {"unique_id": f"test.cloudtally.{name}"}
        passed = name in told["passed"].split()
        yield dg.AssetCheckResult(passed=passed, asset_key=key.asset_key, check_name=name, metadata=metadata)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    project.parsed_folder().mkdir(parents=True)
    (project.parsed_folder() / "manifest.json").touch()
    with dg.DagsterInstance.ephemeral() as found:
        yield found


def taking_up(
    instance, tags: dict[str, str], built: str, passed: str = "", failed: str = ""
) -> SimpleNamespace:
    """The context of a run whose parent ended with these results."""
    parent = dg.materialize(
        [models],
        instance=instance,
        selection=dg.AssetSelection.assets(*KEYS.values()),
        tags={"built": built, "passed": passed, "failed": failed},
        raise_on_error=False,
    )
    run = dg.DagsterRun("refresh", parent_run_id=parent.run_id, root_run_id=parent.run_id, tags=tags)
    return SimpleNamespace(
        run=run,
        instance=instance,
        retry_number=0,
        assets_def=models,
        selected_asset_keys=set(KEYS.values()),
        selected_asset_check_keys=set(CHECKS.values()),
    )


AUTOMATIC = {resuming.RETRY_NUMBER: "1"}


def test_what_was_built_and_passed_is_done_and_a_failed_test_is_not(instance) -> None:
    context = taking_up(instance, AUTOMATIC, "first second", "first_is_unique", "second_is_unique")
    done = resuming.ended(context, MANIFEST)
    assert done.keys() == {
        "model.cloudtally.first",
        "model.cloudtally.second",
        "test.cloudtally.first_is_unique",
    }
    arguments = resuming.sparing(context, MANIFEST, done)
    chosen, spared = (arguments[arguments.index(flag) + 1].split() for flag in ("--select", "--exclude"))
    assert set(chosen) == {"fqn:cloudtally.first_is_whole", "fqn:cloudtally.second_is_unique"}
    assert set(spared) == {"fqn:cloudtally.first", "fqn:cloudtally.second", "fqn:cloudtally.first_is_unique"}


def test_what_stands_below_something_that_is_not_built_is_done_again(instance) -> None:
    context = taking_up(instance, AUTOMATIC, "second", "second_is_unique first_is_unique")
    assert resuming.ended(context, MANIFEST) == {}


def test_a_run_that_a_person_starts_again_does_all(instance) -> None:
    context = taking_up(instance, {}, "first second", "first_is_unique")
    assert resuming.ended(context, MANIFEST) == {}
    assert resuming.sparing(context, MANIFEST, {}) == []


def test_what_older_code_built_is_built_again(instance) -> None:
    context = taking_up(instance, AUTOMATIC, "first", "first_is_unique")
    later = time.time() + 5
    os.utime(project.parsed_folder() / "manifest.json", (later, later))
    assert resuming.ended(context, MANIFEST) == {}
