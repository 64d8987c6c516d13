-- KPIs by month, of providers and cost centers; parts that add up stand beside each ratio
with shown as (
    select
        day_text(billing_period) as month,
        month_name(billing_period) as month_name,
        case scope_type when 'cost_center' then 'Cost center' else 'Provider' end as scope_type,
        case
            when scope_type = 'cost_center' then coalesce(cost_centers.cost_center, for_filter(scope_id)) else provider
        end as scope,
        finops_kpis.billing_currency,
        kpi,
        case kpi
            when 'effective_savings_rate' then 'Savings rate'
            when 'effective_savings_rate_over_list' then 'Savings rate over list price'
            when 'negotiated_savings_rate' then 'Negotiated savings rate'
            when 'committed_share' then 'Covered by commitments, of all usage'
            when 'commitment_utilisation' then 'Commitments used'
            when 'commitment_waste_share' then 'Commitments not used'
            when 'allocated_share' then 'Allocated to a cost center'
            when 'untaggable_share' then 'Cannot be tagged'
            when 'unpriced_share' then 'Without a contracted price'
            when 'shared_distributed_share' then 'Shared cost passed on'
            when 'tag_policy_compliance' then 'Tag compliance'
            when 'anomaly_share' then 'Unexpected cost'
            when 'ingested_share' then 'Ledger of invoiced'
        end as kpi_name,
        cost(numerator) as numerator,
        cost(denominator) as denominator
    from finops_kpis
    left join cost_centers on scope_type = 'cost_center' and scope_id = cost_centers.cost_center_id
    inner join calendar on finops_kpis.billing_currency = calendar.billing_currency
    where scope_type in ('provider', 'cost_center')
        and billing_period >= running_month - interval 12 month
        and (billing_period < running_month or is_whole)
)

select
    1 as is_row,
    *
from shown
where kpi_name is not null
union all by name
select 0 as is_row
