"""What the engine's purchases would have done, bought at each month's end.

Here: reading the marts and seeds, and handing them to intelligence.commitments. Not here: how a purchase is
judged.
"""

from intelligence.dbt_models import (
    CommitmentSettings,
    backtest,
    commitment_backtest_table,
    owned_prices,
    repriced,
    with_overrides,
)


def model(dbt, session):
    settings = CommitmentSettings(
        mode=dbt.config.meta_get("mode"),
        target_pct=dbt.config.meta_get("target_pct") or None,
        discount_margin=dbt.config.meta_get("discount_margin"),
        cvar_weight=dbt.config.meta_get("cvar_weight"),
        seed=dbt.config.meta_get("seed"),
    )
    demand = repriced(dbt.ref("commitment_demand").df())
    found = backtest(
        demand,
        with_overrides(
            owned_prices(demand, dbt.ref("commitment_inventory").df()), dbt.ref("commitment_prices").df()
        ),
        complete_through=dbt.ref("completeness").df(),
        settings=settings,
    )
    return commitment_backtest_table(found)
