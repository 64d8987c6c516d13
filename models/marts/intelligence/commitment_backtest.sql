select
    -- of what
    provider,
    billing_account_id,
    commitment_type,
    commitment_category,
    family,
    region_id,
    billing_currency,
    cast(term_months as {{ type_integer() }}) as term_months,
    payment_option,
    purchase_date,
    strategy,

    -- what came of it
    cast(months_priced as {{ type_double() }}) as months_priced,
    cast(hourly_commitment as {{ type_double() }}) as hourly_commitment,
    {{ money('on_demand_cost') }} as on_demand_cost,
    {{ money('saving_cost') }} as saving_cost,
    {{ money('regret_cost') }} as regret_cost,
    cast(utilization_pct as {{ type_double() }}) as utilization_pct,
    cast(coverage_pct as {{ type_double() }}) as coverage_pct,

    -- told from what
    basis
from {{ ref('int_commitments__backtested') }}
