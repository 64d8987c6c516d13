"""The raw lake as assets: the bills of each landing, by month.

Here: their keys and descriptions. Not here: landing them (ingestion), which `tally land` or the polling job
does, and telling Dagster that it was done (sensors.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import dagster as dg

from orchestration import history

LAKE = "lake"  # dbt's source of what the lake says of its deliveries
_TITLES = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud", "focus": "native FOCUS files"}


def key(source: str) -> dg.AssetKey:
    """The asset of a dbt source."""
    return dg.AssetKey(["raw", "deliveries" if source == LAKE else source])


def specs(manifest: Mapping[str, Any], months: dg.PartitionsDefinition) -> list[dg.AssetSpec]:
    """One asset per landing and month, and one of the delivery records that all of them leave."""
    named = sorted(
        {source["source_name"] for source in manifest["sources"].values()} - {LAKE, history.FOLDER}
    )
    bills = [
        dg.AssetSpec(
            key(name),
            group_name="raw",
            kinds={"parquet", "csv"},
            partitions_def=months,
            description=f"Bills of {_TITLES.get(name, name)} in the lake, byte for byte as delivered.",
            freshness_policy=dg.FreshnessPolicy.time_window(
                fail_window=timedelta(days=7), warn_window=timedelta(days=2)
            )
            if name != "invoices"
            else None,
        )
        for name in named
    ]
    records = dg.AssetSpec(
        key(LAKE),
        group_name="raw",
        kinds={"json"},
        deps=[dg.AssetDep(spec.key, partition_mapping=dg.AllPartitionMapping()) for spec in bills],
        description="What each delivery.json says: slices, accounts, days and which deliveries count.",
    )
    return [*bills, records]
