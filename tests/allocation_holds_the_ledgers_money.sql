-- Every charge has one owner: what the view and the audit say was taken is the ledger, on both bases.
with named_sides as (
    select 'allocation' as side
    union all
    select 'allocation_audit' as side
),

sides as (
    select
        'allocation' as side,
        billing_period,
        provider,
        billing_currency,
        1 as charges,
        billed_cost,
        effective_cost
    from {{ ref('allocation') }}
    union all
    select
        'allocation_audit' as side,
        billing_period,
        provider,
        billing_currency,
        charges,
        billed_cost,
        effective_cost
    from {{ ref('allocation_audit') }}
    where finding = 'took'
    union all
    select
        named_sides.side,
        ledger.billing_period,
        ledger.provider,
        ledger.billing_currency,
        -ledger.charges as charges,
        -ledger.billed_cost as billed_cost,
        -ledger.effective_cost as effective_cost
    from {{ ref('int_charges__summed') }} as ledger
    cross join named_sides
)

select
    side,
    billing_period,
    provider,
    billing_currency
from sides
group by side, billing_period, provider, billing_currency
having sum(charges) <> 0
    or abs(sum(billed_cost)) > 0.000001
    or abs(sum(effective_cost)) > 0.000001
