"""A run that takes up a killed one: what dbt had ended there is told again and not made again.

Here: which runs a run takes up, what dbt had ended in them, and how dbt is told to leave it alone. Not here:
slices of a model that was half done (cells.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster import DagsterEventType
from dagster_dbt.asset_utils import default_asset_key_fn

from orchestration.flow import project
from orchestration.flow.translator import descendants

RETRY_NUMBER = "dagster/retry_number"  # Dagster's own tag of a run that no person started
BUILT = ("model", "seed", "snapshot")
UNIQUE_ID = "unique_id"  # where dagster-dbt tells dbt's name of what an event is about
_TOLD = {DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_CHECK_EVALUATION}

Ended = dg.Output | dg.AssetCheckResult


def attempts(context: dg.AssetExecutionContext) -> list[dg.DagsterRun]:
    """This run and those that it takes up because they were killed, latest first.

    A run that a person starts again takes up none: whoever presses the button wants it done.
    """
    found = [context.run]
    while RETRY_NUMBER in found[-1].tags and found[-1].parent_run_id:
        before = context.instance.get_run_by_id(found[-1].parent_run_id)
        if before is None:  # deleted since
            break
        found.append(before)
    return found


def ended(context: dg.AssetExecutionContext, manifest: Mapping[str, Any]) -> dict[str, Ended]:
    """What this step need not do again, by dbt's unique id, as the results to tell of it.

    That is what dbt built, and the tests that let pass, in killed runs and in earlier tries of this one,
    unless something above it has yet to be built, or the project has changed since.
    """
    past = [run.run_id for run in reversed(attempts(context)) if _is_of_this_project(context, run.run_id)]
    if not context.retry_number:
        past = [run_id for run_id in past if run_id != context.run.run_id]
    outputs = {key: name for name, key in context.assets_def.keys_by_output_name.items()}
    found: dict[str, Ended] = {}
    for run_id in past:
        for entry in context.instance.all_logs(run_id, of_type=_TOLD):
            found |= _result(entry.get_dagster_event(), outputs)
    chosen = {
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in BUILT and default_asset_key_fn(node) in context.selected_asset_keys
    }
    again = descendants(manifest, chosen - found.keys())
    return {unique_id: result for unique_id, result in found.items() if unique_id not in again}


def sparing(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], done: Mapping[str, Ended]
) -> list[str]:
    """dbt's arguments that leave out what is done.

    Tests are named one by one: dbt would leave out those of a model that is done but was not yet tested.
    """
    if not done:
        return []
    nodes = manifest["nodes"]
    names = {
        unique_id: "fqn:" + ".".join(node["fqn"])
        for unique_id, node in nodes.items()
        if node["resource_type"] == "test"
        and node.get("attached_node")
        and dg.AssetCheckKey(default_asset_key_fn(nodes[node["attached_node"]]), node["name"])
        in context.selected_asset_check_keys
    }
    to_test = [name for unique_id, name in names.items() if unique_id not in done]
    spared = ["fqn:" + ".".join(nodes[unique_id]["fqn"]) for unique_id in done]
    # each as one argument: dagster-dbt, which adds the run's own choice, takes no more than one from a flag
    chosen = ["--select", " ".join(to_test)] if to_test else []
    return ["--indirect-selection", "empty", *chosen, "--exclude", " ".join(spared)]


def _is_of_this_project(context: dg.AssetExecutionContext, run_id: str) -> bool:
    record = context.instance.get_run_record_by_id(run_id)
    return record is not None and record.create_timestamp.timestamp() > project.parsed_at()


def _result(event: dg.DagsterEvent, outputs: Mapping[dg.AssetKey, str]) -> dict[str, Ended]:
    if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
        told = event.asset_check_evaluation_data
        if UNIQUE_ID not in told.metadata:
            return {}
        is_ended = told.passed or told.severity == dg.AssetCheckSeverity.WARN
        result: Ended = dg.AssetCheckResult(
            passed=told.passed,
            asset_key=told.asset_key,
            check_name=told.check_name,
            severity=told.severity,
            metadata=told.metadata,
        )
        return {told.metadata[UNIQUE_ID].text: result} if is_ended else {}
    told = event.step_materialization_data.materialization
    if UNIQUE_ID not in told.metadata or told.asset_key not in outputs:
        return {}
    result = dg.Output(None, outputs[told.asset_key], metadata=told.metadata)
    return {told.metadata[UNIQUE_ID].text: result}
