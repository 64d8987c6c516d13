"""Every dbt model, seed and snapshot as an asset, and every test as a check: one `dbt build` a run.

Here: the run of dbt, the slices it is told to force, and what each part of the ledger says of itself
afterwards. Not here: how a resource looks (translator.py).
"""

import itertools
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
from dagster_dbt import DbtCliResource, dbt_assets
from dagster_dbt.asset_utils import default_asset_key_fn
from packaging.version import Version

from orchestration.flow import cells, one_writer, project, resuming
from orchestration.flow.translator import Translator, after_intelligence, landing_of
from orchestration.slices import forcing


class Rebuild(dg.Config):
    """How a run of cells treats slices in which nothing changed."""

    force: bool = True  # a person who starts a cell wants it rebuilt; an event wants what it brought
    full_refresh: bool = False


class Dbt(DbtCliResource):
    """dbt's command line, and no more: before each call dagster-dbt also starts `dbt --version` and opens an
    adapter, for row counts that nobody asks for here. That costs about as much as dbt's own start.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
        return None  # as after a failure to open one, which dagster-dbt can do without


def resource() -> DbtCliResource:
    """dbt as the flow calls it: this environment's, on this project and target."""
    return Dbt(
        project_dir=str(project.PROJECT),
        profiles_dir=str(project.PROJECT),
        target=project.target(),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )


def assets(manifest: Mapping[str, Any], months: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """All of dbt's resources as one step, of which a run may choose a part."""
    translator = Translator(months)
    parts = landings(manifest)

    @dbt_assets(
        manifest=manifest,
        name="dbt",
        dagster_dbt_translator=translator,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=one_writer.POOL,
    )
    def dbt_models(context: dg.AssetExecutionContext, dbt: DbtCliResource, config: Rebuild):
        chosen = {parts[key]: key for key in context.selected_asset_keys if key in parts}
        is_of_cells = context.has_partition_key or context.has_partition_key_range
        periods = list(context.partition_keys) if chosen and is_of_cells else []
        # unit tests try the code and not the bills: CI runs them, at every change of it
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        forced = []
        if config.force and periods:
            forced = cells.slices(chosen, periods, cells.deliveries(), since=_began(context))
            context.log.info(f"rebuilding {len(forced)} slices though nothing may have changed: {forced}")
        if config.full_refresh:
            arguments += ["--full-refresh"]
        done = resuming.ended(context, manifest)
        if done:
            context.log.info(f"taking up a run that was cut short: {len(done)} nodes are done")
        arguments += resuming.sparing(context, manifest, done)
        try:
            with one_writer.turn(context.log.info), forcing(forced):
                if chosen and project.target() != "duckdb":
                    _stage(context)
                kept = {key: name for name, key in chosen.items()} if project.target() == "duckdb" else {}
                results = itertools.chain(done.values(), _run(context, dbt, arguments))
                yield from _telling(context, results, kept, periods)
        except dg.Failure:
            raise
        except Exception as error:
            raise one_writer.passing(error, context.retry_number) from error

    return dbt_models


def landings(manifest: Mapping[str, Any]) -> dict[dg.AssetKey, str]:
    """The assets that keep the ledger, and whose bills each of them holds (aws, azure, gcp, focus)."""
    return {
        default_asset_key_fn(node): landing
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and (landing := landing_of(node))
    }


def late(manifest: Mapping[str, Any]) -> list[dg.AssetKey]:
    """Intelligence and the models that read it: the run that computes it builds them, not the ledger's."""
    nodes = [manifest["nodes"][name] for name in sorted(after_intelligence(manifest))]
    return [default_asset_key_fn(node) for node in nodes if node["resource_type"] in ("model", "snapshot")]


def _stage(context: dg.AssetExecutionContext) -> None:
    """The bills where a warehouse reads them, as `tally stage` does; DuckDB reads them where they are."""
    from orchestration import building, staging

    staged = staging.write(staging.SHAPES[project.target()])
    context.log.info(f"staged: {len(staged.written)} files written, {len(staged.removed)} removed")
    building.operation("stage_raw", project.target())


def _run(context: dg.AssetExecutionContext, dbt: DbtCliResource, arguments: list[str]) -> Iterator[Any]:
    """dbt's results as they come. What dbt wrote while it ran is kept only when it failed."""
    folder = project.run_folder(context.run.run_id)
    folder.mkdir(parents=True, exist_ok=True)
    parsed = project.parsed_folder() / project.PARTIAL_PARSE
    if parsed.exists():
        shutil.copy(parsed, folder / project.PARTIAL_PARSE)
    yield from dbt.cli(arguments, context=context, target_path=folder).stream()
    shutil.rmtree(folder, ignore_errors=True)


def _telling(
    context: dg.AssetExecutionContext,
    results: Iterable[Any],
    ledger: Mapping[dg.AssetKey, str],
    periods: list[str],
) -> Iterator[Any]:
    """The results; those of assets that keep the ledger in the lake tell what it holds."""
    outputs = context.assets_def.keys_by_output_name
    for result in results:
        if isinstance(result, dg.Output) and (key := outputs.get(result.output_name)) in ledger:
            for period in periods:
                context.add_asset_metadata(held(ledger[key], period), key, period)
        yield result


def _began(context: dg.AssetExecutionContext) -> float:
    """When the run began, or the first that it takes up, in seconds of the epoch."""
    record = context.instance.get_run_record_by_id(resuming.attempts(context)[-1].run_id)
    return record.create_timestamp.timestamp() if record else time.time()


def held(landing: str, month: str) -> dict[str, Any]:
    """Rows and bytes that the ledger holds of a cell, read from the lake, not from the warehouse."""
    files = cells.files(landing, month)
    return {
        "dagster/row_count": sum(pq.read_metadata(file).num_rows for file in files),
        "bytes": sum(file.stat().st_size for file in files),
        "slices": dg.MetadataValue.md("\n".join(f"- {file.name.split('.')[0]}" for file in files) or "none"),
    }
