"""What cost series will cost, computed once for all marts that tell of it.

Here: reading the marts, and handing them to intelligence.forecasts. Not here: models, and how good they were.
"""

from intelligence.forecasts import ForecastSettings, forecast
from intelligence.tables import forecasts_table


def model(dbt, session):
    settings = ForecastSettings(
        models=tuple(dbt.config.meta_get("models")),
        max_series=dbt.config.meta_get("max_series"),
        heavy_series=dbt.config.meta_get("heavy_series"),
        workers=dbt.config.meta_get("workers"),
        seed=dbt.config.meta_get("seed"),
    )
    holidays = dbt.ref("holidays").df().rename(columns={"holiday_date": "date"})
    found = forecast(
        dbt.ref("cost_series").df().assign(level="service"),
        dbt.ref("completeness").df(),
        holidays=holidays if len(holidays) else None,
        settings=settings,
    )
    return forecasts_table(found)
