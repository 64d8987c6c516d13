"""What the engine's purchases would have done, bought at each month's end.

Here: reading the marts and seeds, and handing them over. Not here: how a purchase is judged.
"""

from intelligence.computed import int_commitments__backtested


def model(dbt, session):
    return int_commitments__backtested(
        commitment_demand=dbt.ref("commitment_demand").df(),
        commitment_inventory=dbt.ref("commitment_inventory").df(),
        commitment_prices=dbt.ref("commitment_prices").df(),
        completeness=dbt.ref("completeness").df(),
        mode=dbt.config.meta_get("mode"),
        target_pct=dbt.config.meta_get("target_pct"),
        discount_margin=dbt.config.meta_get("discount_margin"),
        cvar_weight=dbt.config.meta_get("cvar_weight"),
        seed=dbt.config.meta_get("seed"),
    )
