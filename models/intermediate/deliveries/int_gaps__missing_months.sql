-- Months without usage between two months with usage, of a billing account whichever export billed it: one that is
-- replaced by another, or shadowed by it, leaves no hole. Neighbouring months are one gap.
with months as (
    select
        provider,
        dataset,
        scope,
        billing_account_id,
        {{ month_of('charge_date') }} as charge_month,
        max(charge_date) as last_charge_date
    from {{ ref('int_sources__usage_days') }}
    group by provider, dataset, scope, billing_account_id, {{ month_of('charge_date') }}
),

followed as (
    select
        *,
        lead(charge_month) over (
            partition by provider, billing_account_id
            order by charge_month, last_charge_date, dataset, scope
        ) as next_month
    from months
)

select
    provider,
    dataset,
    scope,
    billing_account_id,
    {{ add_to_date('month', 1, 'charge_month') }} as missing_from,
    {{ add_to_date('day', -1, 'next_month') }} as missing_through,
    last_charge_date
from followed
where next_month > {{ add_to_date('month', 1, 'charge_month') }}
