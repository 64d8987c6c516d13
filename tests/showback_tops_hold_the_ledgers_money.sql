-- The centers at the top, with all below them, hold what chargeback does.
with sides as (
    select
        billing_period,
        billing_currency,
        total_with_children_cost as cost
    from {{ ref('showback') }}
    where parent_id is null
    union all
    select
        billing_period,
        billing_currency,
        -total_cost as cost
    from {{ ref('chargeback') }}
)

select
    billing_period,
    billing_currency
from sides
group by billing_period, billing_currency
having abs(sum(cost)) > 0.000001
