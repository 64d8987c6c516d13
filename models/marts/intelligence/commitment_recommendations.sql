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
    cast(is_best as {{ type_boolean() }}) as is_best,

    -- how much
    cast(target_hourly_commitment as {{ type_double() }}) as target_hourly_commitment,
    cast(hourly_commitment as {{ type_double() }}) as hourly_commitment,
    cast(quantity as {{ type_double() }}) as quantity,
    {{ money('upfront_cost') }} as upfront_cost,
    {{ money('monthly_cost') }} as monthly_cost,

    -- what it is worth
    {{ money('expected_monthly_savings') }} as expected_monthly_savings,
    {{ money('savings_p10') }} as savings_p10,
    {{ money('savings_p50') }} as savings_p50,
    {{ money('savings_p90') }} as savings_p90,
    cast(break_even_month as {{ type_integer() }}) as break_even_month,
    cast(expected_utilization_pct as {{ type_double() }}) as expected_utilization_pct,
    cast(coverage_before_pct as {{ type_double() }}) as coverage_before_pct,
    cast(coverage_after_pct as {{ type_double() }}) as coverage_after_pct,

    -- who says so, and why
    basis,
    reason,
    as_of_date
from {{ ref('int_commitments__recommended') }}
