"""What cost series will cost, computed once for all marts that tell of it.

Here: reading the marts, and handing them over. Not here: models, and how good they were.
"""

from intelligence.computed import int_forecasts__computed


def model(dbt, session):
    return int_forecasts__computed(
        cost_series=dbt.ref("cost_series").df(),
        completeness=dbt.ref("completeness").df(),
        int_commitments__expiries=dbt.ref("int_commitments__expiries").df(),
        holidays=dbt.ref("holidays").df(),
        models=dbt.config.meta_get("models"),
        max_series=dbt.config.meta_get("max_series"),
        heavy_series=dbt.config.meta_get("heavy_series"),
        heavy_days=dbt.config.meta_get("heavy_days"),
        workers=dbt.config.meta_get("workers"),
        seed=dbt.config.meta_get("seed"),
    )
