-- Money in = money out: what a slice was first delivered with and all its restatements since are what the ledger holds.
with firsts as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        min(exported_at) as exported_at
    from {{ ref('int_deliveries__states') }}
    group by provider, dataset, scope, billing_period
),

amounts as (
    select
        states.provider,
        states.dataset,
        states.scope,
        states.billing_period,
        states.billing_currency,
        states.billed_cost,
        states.effective_cost
    from {{ ref('int_deliveries__states') }} as states
    inner join firsts
        on states.provider = firsts.provider
            and states.dataset = firsts.dataset
            and states.scope = firsts.scope
            and states.billing_period = firsts.billing_period
            and states.exported_at = firsts.exported_at
    union all
    select
        provider,
        dataset,
        scope,
        billing_period,
        billing_currency,
        billed_change_cost as billed_cost,
        effective_change_cost as effective_cost
    from {{ ref('restatements') }}
    union all
    select
        provider,
        dataset,
        scope,
        billing_period,
        billing_currency,
        -billed_cost as billed_cost,
        -effective_cost as effective_cost
    from {{ ref('cost_and_usage') }}
)

select
    amounts.provider,
    amounts.dataset,
    amounts.scope,
    amounts.billing_period,
    amounts.billing_currency,
    sum(amounts.billed_cost) as billed_difference,
    sum(amounts.effective_cost) as effective_difference
from amounts
inner join {{ ref('int_deliveries__slices') }} as slices
    on amounts.provider = slices.provider
        and amounts.dataset = slices.dataset
        and amounts.scope = slices.scope
        and amounts.billing_period = slices.billing_period
group by amounts.provider, amounts.dataset, amounts.scope, amounts.billing_period, amounts.billing_currency
having abs(sum(amounts.billed_cost)) > 0.000001
    or abs(sum(amounts.effective_cost)) > 0.000001
