"""What to commit to next, for each family of usage that a commitment could cover.

Here: reading the marts and seeds, and handing them to intelligence.commitments. Not here: what is chosen, and
why.
"""

from intelligence.dbt_models import (
    CommitmentSettings,
    forecast_factors,
    owned_prices,
    recommend,
    recommendations_table,
    repriced,
    with_overrides,
)


def model(dbt, session):
    settings = CommitmentSettings(
        mode=dbt.config.meta_get("mode"),
        target_pct=dbt.config.meta_get("target_pct") or None,
        discount_margin=dbt.config.meta_get("discount_margin"),
        cvar_weight=dbt.config.meta_get("cvar_weight"),
        max_purchase_cost=dbt.config.meta_get("max_purchase_cost") or None,
        ladder_steps=dbt.config.meta_get("ladder_steps"),
        seed=dbt.config.meta_get("seed"),
    )
    demand = repriced(dbt.ref("commitment_demand").df())
    inventory = dbt.ref("commitment_inventory").df()
    found = recommend(
        demand,
        with_overrides(owned_prices(demand, inventory), dbt.ref("commitment_prices").df()),
        owned=inventory,
        forecast=forecast_factors(demand, dbt.ref("forecast_totals").df(), dbt.ref("cost_series").df()),
        complete_through=dbt.ref("completeness").df(),
        settings=settings,
    )
    return recommendations_table(found)
