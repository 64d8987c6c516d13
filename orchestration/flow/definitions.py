"""Dagster's code location: the flow, put together.

Here: which definitions there are and which jobs join them. Not here: what any of them does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration import publishing
from orchestration.flow import (
    cells,
    checks,
    intelligence,
    models,
    project,
    publication,
    raw,
    report,
    schedules,
    sensors,
)


@dg.definitions
def flow() -> dg.Definitions:
    """Assets, checks, jobs, schedules and the sensor, on the project and lake as they are now."""
    project.use_absolute_paths()
    manifest = project.manifest()
    months = cells.months(cells.deliveries())
    dbt = models.assets(manifest, months)
    late = models.late(manifest)
    landed = intelligence.assets(manifest)
    after = dg.AssetSelection.assets(*late, *landed)
    refresh = dg.define_asset_job(
        "refresh",
        dg.AssetSelection.all() - dg.AssetSelection.groups("raw", report.GROUP) - after,
        partitions_def=months,
        description="Months of the ledger, then all marts that follow from them, checked and published.",
    )
    daily = dg.define_asset_job(
        "intelligence",
        after | dg.AssetSelection.groups(publishing.FOLDER),
        description="Anomalies, forecasts, advice, and what reads them, on the marts as they stand; then the "
        "published copies.",
    )
    ledger = {landing: key for key, landing in models.landings(manifest).items()}
    defs = dg.Definitions(
        assets=[*raw.specs(manifest, months), dbt, *landed],
        asset_checks=[checks.definition(manifest, ledger)],
        jobs=[refresh, daily, schedules.poll_sources],
        schedules=[schedules.polling, schedules.daily(daily.name)],
        resources={"dbt": models.resource()},
        executor=dg.in_process_executor,
    )
    ends = of_duckdb(manifest, dbt) if project.target() == "duckdb" else dg.Definitions()
    started = [
        spec.key
        for definition in [dbt, *(ends.assets or ())]
        for spec in definition.specs
        if spec.key not in late and spec.partitions_def is None and spec.group_name != report.GROUP
    ]
    watch = dg.Definitions(sensors=[sensors.sensor(refresh.name, ledger, started, months)])
    return dg.Definitions.merge(defs, ends, watch)


def of_duckdb(manifest: Mapping[str, Any], dbt: dg.AssetsDefinition) -> dg.Definitions:
    """What reads the warehouse file for others: published copies, and the BI site of them."""
    blocking = [*checks.blocking(), *(spec.key for spec in dbt.check_specs if spec.blocking)]
    published = publication.assets(manifest, blocking)
    site = report.asset()
    weekly = dg.define_asset_job(
        "publication",
        dg.AssetSelection.assets(published, site) | dg.AssetSelection.checks(*checks.keys()),
        description="The checks of whole marts, the published copies, and the BI site of them.",
    )
    return dg.Definitions(
        assets=[published, site],
        jobs=[weekly],
        schedules=[schedules.weekly(weekly.name)],
    )
