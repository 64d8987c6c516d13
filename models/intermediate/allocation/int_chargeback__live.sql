-- Every month as bill and rules tell it now, the closed ones too.
with parts as (
    select
        billing_period,
        cost_center_id,
        provider,
        service_name,
        billing_currency,
        cost_kind,
        cost,
        cast(null as {{ type_money() }}) as commitment_benefit
    from {{ ref('int_allocation__costs') }}
    union all
    select
        billing_period,
        beneficiary_id as cost_center_id,
        provider,
        service_name,
        billing_currency,
        'benefit' as cost_kind,
        {{ money('0') }} as cost,
        {{ money('sum(commitment_benefit)') }} as commitment_benefit
    from {{ ref('int_allocation__charges') }}
    where commitment_benefit is not null
    group by billing_period, beneficiary_id, provider, service_name, billing_currency
)

select
    billing_period,
    cost_center_id,
    provider,
    service_name,
    billing_currency,
    {{ money("sum(case when cost_kind = 'direct' then cost else 0 end)") }} as direct_cost,
    {{ money("sum(case when cost_kind = 'shared' then cost else 0 end)") }} as shared_cost,
    {{ money("sum(case when cost_kind = 'commitment_waste' then cost else 0 end)") }} as commitment_waste_cost,
    {{ money("sum(case when cost_kind = 'credit' then cost else 0 end)") }} as credit_cost,
    {{ money("sum(case when cost_kind = 'tax' then cost else 0 end)") }} as tax_cost,
    {{ money('sum(cost)') }} as total_cost,
    {{ money('coalesce(sum(commitment_benefit), 0)') }} as commitment_benefit,
    '{{ chargeback_basis() }}' as basis
from parts
group by billing_period, cost_center_id, provider, service_name, billing_currency
