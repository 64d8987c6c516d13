-- KPIs of price, commitments and ownership, each as what is divided and by what.
with parts as (
    select * from {{ ref('int_kpis__parts') }}
),

names as (
    select 'effective_savings_rate' as kpi
    union all
    select 'effective_savings_rate_over_list' as kpi
    union all
    select 'negotiated_savings_rate' as kpi
    union all
    select 'committed_share' as kpi
    union all
    select 'commitment_utilisation' as kpi
    union all
    select 'commitment_waste_share' as kpi
    union all
    select 'allocated_share' as kpi
    union all
    select 'untaggable_share' as kpi
    union all
    select 'unpriced_share' as kpi
)

select
    parts.billing_period,
    parts.scope_type,
    parts.provider,
    parts.scope_id,
    parts.billing_currency,
    names.kpi,
    case names.kpi
        when 'effective_savings_rate' then parts.contracted_cost - parts.contracted_effective_cost
        when 'effective_savings_rate_over_list' then parts.list_cost - parts.list_effective_cost
        when 'negotiated_savings_rate' then parts.negotiable_list_cost - parts.negotiable_contracted_cost
        when 'committed_share' then coalesce(parts.covered_cost, 0)
        when 'commitment_utilisation' then coalesce(parts.used_cost, 0)
        when 'commitment_waste_share' then coalesce(parts.unused_cost, 0)
        when 'allocated_share'
            then parts.effective_cost - coalesce(parts.unallocated_cost, 0) - coalesce(parts.untaggable_cost, 0)
        when 'untaggable_share' then coalesce(parts.untaggable_cost, 0)
        when 'unpriced_share' then coalesce(parts.unpriced_cost, 0)
    end as numerator,
    case names.kpi
        when 'effective_savings_rate' then parts.contracted_cost
        when 'effective_savings_rate_over_list' then parts.list_cost
        when 'negotiated_savings_rate' then parts.negotiable_list_cost
        when 'committed_share' then parts.standing_cost
        when 'commitment_utilisation' then coalesce(parts.used_cost, 0) + coalesce(parts.unused_cost, 0)
        when 'commitment_waste_share' then coalesce(parts.used_cost, 0) + coalesce(parts.unused_cost, 0)
        when 'unpriced_share' then parts.usage_cost
        else parts.effective_cost
    end as denominator
from parts
cross join names
-- a center's own cost is allocated by definition
where parts.scope_type <> 'cost_center'
    or names.kpi not in ('allocated_share', 'untaggable_share')
