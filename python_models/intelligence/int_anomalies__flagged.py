"""The days of cost series that are unusual, and those that earlier runs said were.

Here: reading the marts, and what was told before, and handing them over. Not here: what is unusual, and what
people said of it.
"""

from intelligence.computed import int_anomalies__flagged


def model(dbt, session):
    return int_anomalies__flagged(
        cost_series=dbt.ref("cost_series").df(),
        completeness=dbt.ref("completeness").df(),
        holidays=dbt.ref("holidays").df(),
        told_before=dbt.source("history", "int_anomalies__detected").df(),
        method=dbt.config.meta_get("method"),
        also_run=dbt.config.meta_get("also_run"),
        sensitivity=dbt.config.meta_get("sensitivity"),
        heavy_series=dbt.config.meta_get("heavy_series"),
        seed=dbt.config.meta_get("seed"),
    )
