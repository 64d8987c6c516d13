"""The tables of intelligence as assets of the flow, on engines where dbt runs no Python.

Here: when they are made, and what lineage they have. Not here: which tables there are and from what
(intelligence/computed.py), and making one (orchestration/computing.py). Where dbt runs the Python models
these assets do not exist; their SQL twins do not either.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt.asset_utils import default_asset_key_fn

from orchestration import history
from orchestration.flow import one_writer, project


def key(table: str) -> dg.AssetKey:
    """The landed rows of a table, which are dbt's source of that name."""
    return dg.AssetKey([history.FOLDER, table])


def assets(manifest: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """One asset per table whose Python model is off, so that dbt's models can stand between two of them. It
    reads what dbt found that model to read, so that nothing of intelligence is imported to say so.
    """
    off = [node for found in manifest["disabled"].values() for node in found]
    return [
        _asset(node["name"], [ref["name"] for ref in node["refs"]], manifest)
        for node in off
        if node.get("language") == "python"
    ]


def _asset(table: str, relations: list[str], manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    nodes = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }

    @dg.asset(
        key=key(table),
        deps=[default_asset_key_fn(nodes[name]) for name in relations],
        group_name="intelligence",
        kinds={"python", "parquet"},
        description=f"`{table}` as intelligence computes it, landed in the lake, where dbt reads it.",
        pool=one_writer.POOL,
    )
    def landed(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        from orchestration import computing

        try:
            with one_writer.turn(context.log.info):
                made = computing.compute(table, manifest, project.target())
        except Exception as error:
            raise one_writer.passing(error, context.retry_number) from error
        yield dg.MaterializeResult(
            metadata={
                "dagster/row_count": made.rows,
                "bytes": made.bytes,
                "seconds to read": made.read_seconds,
                "seconds to compute": made.compute_seconds,
            }
        )

    return landed
