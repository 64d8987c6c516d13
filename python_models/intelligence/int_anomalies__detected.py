"""The days of cost series that are unusual, and those that earlier runs said were.

Here: reading the marts, and handing them to intelligence.anomalies. Not here: what is unusual, and what
people said of it.
"""

from intelligence.dbt_models import (
    Settings,
    anomalies,
    anomalies_table,
    explanations,
)

DETAIL = """
    select
        flagged.series_id,
        flagged.day as charge_date,
        ledger.region_id,
        ledger.sku_id,
        cast(sum(ledger.effective_cost) as double) as effective_cost
    from ledger
    inner join (
        select distinct
            series_id, provider, sub_account_id, service_name, billing_currency,
            cast(charge_date - cast(ago as integer) as date) as day
        from flagged_days, range(29) as days (ago)
    ) as flagged
        on ledger.provider = flagged.provider
            and ledger.sub_account_id is not distinct from flagged.sub_account_id
            and ledger.service_name is not distinct from flagged.service_name
            and ledger.billing_currency = flagged.billing_currency
            and cast(ledger.charge_period_start as date) = flagged.day
    where ledger.charge_category is distinct from 'Tax'
    group by all
"""
KEYS = ["series_id", "provider", "sub_account_id", "service_name", "billing_currency", "charge_date"]


def model(dbt, session):
    settings = Settings(
        method=dbt.config.meta_get("method"),
        also_run=tuple(dbt.config.meta_get("also_run")),
        sensitivity=dbt.config.meta_get("sensitivity"),
        seed=dbt.config.meta_get("seed"),
        forest_series=dbt.config.meta_get("heavy_series"),
    )
    daily = dbt.ref("cost_series").df()
    holidays = dbt.ref("holidays").df().rename(columns={"holiday_date": "date"})
    previous = _told_before(session)
    found = anomalies(
        daily,
        dbt.ref("completeness").df(),
        holidays=holidays if len(holidays) else None,
        previous=previous,
        settings=settings,
    )
    # what was withdrawn, or is older than the data, stays as it was told
    told = (found["status"] != "withdrawn") & (found["charge_date"] >= daily["charge_date"].min())
    if told.any():
        rows = found[told].copy()
        kept = explanations.told_before(rows, previous)
        detail = _detail(session, dbt.ref("cost_and_usage"), rows[kept.isna()])
        rows["contributors"] = explanations.contributors(rows, detail, kept)
        rows["explanation"] = explanations.sentences(rows)
        found.loc[told, ["contributors", "explanation"]] = rows[["contributors", "explanation"]]
    return anomalies_table(found)


def _told_before(session):
    """The rows of the last run, which the lake keeps (the model's hooks read and write the file)."""
    ((files,),) = session.query("select getvariable('told_before')").fetchall()
    return session.read_parquet(files).df() if files else None


def _detail(session, ledger, rows):
    """Daily costs by region and SKU of the flagged series, on flagged days and the 28 before: all that is
    read of the ledger itself."""
    if rows.empty:
        return None
    session.register("flagged_days", anomalies_table(rows).select(KEYS))
    try:
        return ledger.query("ledger", DETAIL).df()
    finally:
        session.unregister("flagged_days")
