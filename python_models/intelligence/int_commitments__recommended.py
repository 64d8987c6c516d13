"""What to commit to next, for each family of usage that a commitment could cover.

Here: reading the marts and seeds, and handing them over. Not here: what is chosen, and why.
"""

from intelligence.computed import int_commitments__recommended


def model(dbt, session):
    return int_commitments__recommended(
        commitment_demand=dbt.ref("commitment_demand").df(),
        commitment_inventory=dbt.ref("commitment_inventory").df(),
        commitment_prices=dbt.ref("commitment_prices").df(),
        forecast_totals=dbt.ref("forecast_totals").df(),
        cost_series=dbt.ref("cost_series").df(),
        completeness=dbt.ref("completeness").df(),
        mode=dbt.config.meta_get("mode"),
        target_pct=dbt.config.meta_get("target_pct"),
        discount_margin=dbt.config.meta_get("discount_margin"),
        cvar_weight=dbt.config.meta_get("cvar_weight"),
        max_purchase_cost=dbt.config.meta_get("max_purchase_cost"),
        ladder_steps=dbt.config.meta_get("ladder_steps"),
        seed=dbt.config.meta_get("seed"),
    )
