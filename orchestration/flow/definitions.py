"""Dagster's code location: the flow, put together.

Here: which definitions there are and which jobs join them. Not here: what any of them does.
"""

from __future__ import annotations

import dagster as dg

from orchestration.flow import (
    cells,
    checks,
    models,
    project,
    publication,
    raw,
    schedules,
    sensors,
)

project.use_absolute_paths()


@dg.definitions
def flow() -> dg.Definitions:
    """Assets, checks, jobs, schedules and the sensor, on the project and lake as they are now."""
    manifest = project.manifest()
    months = cells.months(cells.deliveries())
    dbt = models.assets(manifest, months)
    blocking = [*checks.blocking(), *(spec.key for spec in dbt.check_specs if spec.blocking)]
    published = publication.assets(manifest, blocking)

    intelligence = dg.AssetSelection.groups("intelligence")
    everything = dg.AssetSelection.assets(dbt, published)
    refresh = dg.define_asset_job(
        "refresh",
        everything - intelligence,
        partitions_def=months,
        description="Months of the ledger, then all marts that follow from them, checked and published.",
    )
    daily = dg.define_asset_job(
        "intelligence",
        intelligence | dg.AssetSelection.assets(published),
        description="Anomalies and forecasts on the marts as they stand, then the published copies.",
    )
    weekly = dg.define_asset_job(
        "publication",
        dg.AssetSelection.assets(published) | dg.AssetSelection.checks(*checks.keys()),
        description="The checks of whole marts, and the published copies.",
    )
    ledger = {landing: key for key, landing in models.landings(manifest).items()}
    started = [
        spec.key
        for spec in [*dbt.specs, *published.specs]
        if spec.group_name != "intelligence" and spec.partitions_def is None
    ]
    return dg.Definitions(
        assets=[*raw.specs(manifest, months), dbt, published],
        asset_checks=[checks.definition(ledger)],
        jobs=[refresh, daily, weekly, schedules.poll_sources],
        schedules=[schedules.polling, schedules.daily(daily.name), schedules.weekly(weekly.name)],
        sensors=[sensors.sensor(refresh.name, ledger, started, months)],
        resources={"dbt": models.resource()},
        executor=dg.in_process_executor,
    )
