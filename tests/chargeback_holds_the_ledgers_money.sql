-- Money in = money out: chargeback of each month, with what corrects it, is what the ledger says, and is the sum of its
-- kinds.
with parts as (
    select
        billing_period,
        provider,
        billing_currency,
        total_cost as cost,
        total_cost - direct_cost - shared_cost - commitment_waste_cost - credit_cost - tax_cost as rest_cost
    from {{ ref('chargeback') }}
    union all
    select
        corrected_period as billing_period,
        provider,
        billing_currency,
        total_cost as cost,
        total_cost - direct_cost - shared_cost - commitment_waste_cost - credit_cost - tax_cost as rest_cost
    from {{ ref('chargeback_adjustments') }}
    union all
    select
        billing_period,
        provider,
        billing_currency,
        -{{ chargeback_cost() }} as cost,
        {{ money('0') }} as rest_cost
    from {{ ref('cost_and_usage') }}
)

select
    billing_period,
    provider,
    billing_currency,
    sum(cost) as residual,
    max(abs(rest_cost)) as largest_rest
from parts
group by billing_period, provider, billing_currency
having abs(sum(cost)) > 0.000001
    or max(abs(rest_cost)) > 0.000001
