"""The published copies as assets, one per mart, made and switched together once nothing stands against them.

Here: what keeps a publication back. Not here: making the copies (orchestration/publishing.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration import publishing, warehouse
from orchestration.flow import one_writer


def assets(manifest: Mapping[str, Any], blocking: Iterable[dg.AssetCheckKey]) -> dg.AssetsDefinition:
    """`published/<mart>` for every mart; `blocking` are the checks that must not have failed last."""
    names = publishing.marts(manifest)
    checks = list(blocking)
    schemas = {
        node["name"]: node["config"].get("schema") or "marts"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }

    @dg.multi_asset(
        name="published",
        specs=[
            dg.AssetSpec(
                [publishing.FOLDER, name],
                deps=[dg.AssetKey([schemas[name], name])],
                group_name=publishing.FOLDER,
                kinds={"parquet"},
                description=f"`marts.{name}` as a Parquet file that is read without the warehouse.",
                skippable=True,  # a mart that is not built yet
            )
            for name in names
        ],
        pool=one_writer.POOL,
    )
    def published(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        if failed := standing(context.instance, checks):
            raise dg.Failure(
                f"{len(failed)} blocking checks failed when they last ran, so the older copies stay: "
                + ", ".join(failed),
                allow_retries=False,
            )
        try:
            with one_writer.turn(context.log.info):
                made = publishing.publish(names)
        except (publishing.NotPublished, warehouse.WarehouseError, TimeoutError) as error:
            raise one_writer.passing(error, context.retry_number) from error
        if made.lacking:
            context.log.warning(f"not built yet, so not published: {', '.join(made.lacking)}")
        for copy in made.copies:
            yield dg.MaterializeResult(
                asset_key=[publishing.FOLDER, copy.name],
                metadata={
                    "dagster/row_count": copy.rows,
                    "bytes": copy.bytes,
                    "seconds": copy.seconds,
                    "path": dg.MetadataValue.path(str(made.folder / f"{copy.name}.parquet")),
                    "published_at": made.published_at,
                },
            )

    return published


def standing(instance: dg.DagsterInstance, checks: list[dg.AssetCheckKey]) -> list[str]:
    """Blocking checks that failed when they last ran, or did not come to an end; not those that never ran."""
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(checks)
    return sorted(
        f"{key.asset_key.to_user_string()} {key.name}"
        for key, record in latest.items()
        if not _lets_pass(instance, record)
    )


def _lets_pass(instance: dg.DagsterInstance, record: Any) -> bool:
    status = record.status.value
    if status == "FAILED":
        evaluation = record.event.dagster_event.asset_check_evaluation_data if record.event else None
        return evaluation is not None and evaluation.severity == dg.AssetCheckSeverity.WARN
    if status == "PLANNED":  # its run is under way, and publishes by itself; or it ended before the check
        run = instance.get_run_by_id(record.run_id)
        return run is not None and not run.is_finished
    return status == "SUCCEEDED"
