-- Whatever the family: what commitments cover and leave unused is in the coverage by month, and again by day; on-demand
-- usage is that of commitment_demand.
with coverage as (
    select
        provider,
        billing_currency,
        period_grain,
        sum(committed_cost) as committed_cost,
        sum(used_cost) as used_cost,
        sum(unused_cost) as unused_cost,
        sum(on_demand_cost) as on_demand_cost,
        sum(eligible_cost) as eligible_cost
    from {{ ref('commitment_coverage') }}
    group by provider, billing_currency, period_grain
),

ledger as (
    select
        provider,
        billing_currency,
        sum(case when commitment_discount_status = 'Unused' then 0 else contracted_cost end) as committed_cost,
        sum(case when commitment_discount_status = 'Unused' then 0 else effective_cost end) as used_cost,
        sum(case when commitment_discount_status = 'Unused' then effective_cost else 0 end) as unused_cost
    from {{ ref('cost_and_usage') }}
    where commitment_discount_id is not null
        and charge_category = 'Usage'
    group by provider, billing_currency
),

demand as (
    select
        provider,
        billing_currency,
        sum(case when commitment_discount_id is null then on_demand_cost else 0 end) as on_demand_cost
    from {{ ref('commitment_demand') }}
    group by provider, billing_currency
)

select
    coverage.provider,
    coverage.billing_currency,
    coverage.period_grain
from coverage
left join ledger
    on coverage.provider = ledger.provider
        and coverage.billing_currency = ledger.billing_currency
left join demand
    on coverage.provider = demand.provider
        and coverage.billing_currency = demand.billing_currency
where abs(coverage.committed_cost - coalesce(ledger.committed_cost, 0)) > 0.000001
    or abs(coverage.used_cost - coalesce(ledger.used_cost, 0)) > 0.000001
    or abs(coverage.unused_cost - coalesce(ledger.unused_cost, 0)) > 0.000001
    or abs(coverage.on_demand_cost - coalesce(demand.on_demand_cost, 0)) > 0.000001
    or abs(coverage.eligible_cost - coverage.committed_cost - coverage.on_demand_cost) > 0.000001
