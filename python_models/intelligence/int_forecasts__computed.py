"""What cost series will cost, computed once for all marts that tell of it.

Here: reading the marts, and handing them to intelligence.forecasts. Not here: models, and how good they were.
"""

from intelligence.dbt_models import (
    PROPHET,
    ForecastSettings,
    forecast,
    forecasts_table,
)


def model(dbt, session):
    daily = dbt.ref("cost_series").df().assign(level="service")
    days = (daily["charge_date"].max() - daily["charge_date"].min()).days if len(daily) else 0
    # dbt sees which settings a model reads only where they are read plainly
    models = dbt.config.meta_get("models")
    heavy_series = dbt.config.meta_get("heavy_series")
    heavy_days = dbt.config.meta_get("heavy_days")
    if heavy_series == 0 or days < heavy_days:  # not even imported
        models = [name for name in models if name != PROPHET]
    settings = ForecastSettings(
        models=tuple(models),
        max_series=dbt.config.meta_get("max_series"),
        heavy_series=heavy_series,
        workers=dbt.config.meta_get("workers"),
        seed=dbt.config.meta_get("seed"),
    )
    holidays = dbt.ref("holidays").df().rename(columns={"holiday_date": "date"})
    found = forecast(
        daily,
        dbt.ref("completeness").df(),
        dbt.ref("int_commitments__expiries").df(),
        holidays=holidays if len(holidays) else None,
        settings=settings,
    )
    return forecasts_table(found)
