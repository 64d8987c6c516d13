-- A month is the one that bills the charge, a day the one on which its period starts.
with periods as (
    select
        'month' as period_grain,
        billing_period as period_start,
        *
    from {{ ref('int_commitments__placed') }}
    where coverage <> 'purchased'
    union all
    select
        'day' as period_grain,
        charge_date as period_start,
        *
    from {{ ref('int_commitments__placed') }}
    where coverage <> 'purchased'
),

summed as (
    select
        periods.period_grain,
        periods.period_start,
        periods.provider,
        periods.billing_account_id,
        periods.commitment_type,
        periods.family,
        periods.region_id,
        periods.billing_currency,
        min(case when periods.charge_date <= completeness.complete_through then 1 else 0 end) as is_complete,
        {{ money("sum(case when periods.coverage = 'used' then periods.contracted_cost else 0 end)") }}
            as committed_cost,
        {{ money("sum(case when periods.coverage = 'used' then periods.assumed_cost else 0 end)") }}
            as assumed_committed_cost,
        {{ money("sum(case when periods.coverage = 'on_demand' then periods.contracted_cost else 0 end)") }}
            as on_demand_cost,
        {{ money("sum(case when periods.coverage = 'used' then periods.effective_cost else 0 end)") }} as used_cost,
        {{ money("sum(case when periods.coverage = 'unused' then periods.effective_cost else 0 end)") }}
            as unused_cost,
        {{ money('sum(periods.effective_cost)') }} as effective_cost,
        sum(case when periods.coverage = 'used' then periods.usage_hours end) as committed_hours,
        sum(case when periods.coverage = 'on_demand' then periods.usage_hours end) as on_demand_hours
    from periods
    left join {{ ref('completeness') }} as completeness
        on periods.provider = completeness.provider
            and periods.dataset = completeness.dataset
            and periods.scope = completeness.scope
            and periods.billing_account_id = completeness.billing_account_id
    group by
        periods.period_grain, periods.period_start, periods.provider, periods.billing_account_id,
        periods.commitment_type, periods.family, periods.region_id, periods.billing_currency
),

measured as (
    select
        *,
        {{ money('committed_cost + on_demand_cost') }} as eligible_cost,
        {{ money('used_cost + unused_cost') }} as amortized_cost,
        case
            when committed_hours is not null or on_demand_hours is not null
                then coalesce(committed_hours, 0) + coalesce(on_demand_hours, 0)
        end as eligible_hours
    from summed
)

select
    -- keys
    period_grain,
    period_start,
    provider,
    billing_account_id,
    commitment_type,
    family,
    region_id,
    billing_currency,
    cast(is_complete as {{ type_boolean() }}) as is_complete,

    -- money
    eligible_cost,
    committed_cost,
    assumed_committed_cost,
    on_demand_cost,
    used_cost,
    unused_cost,
    effective_cost,
    {{ covered_pct('committed_cost', 'eligible_cost') }} as coverage_pct,
    {{ covered_pct('used_cost', 'amortized_cost') }} as utilization_pct,
    case
        when eligible_cost > 0
            then 100 * cast(eligible_cost - effective_cost as {{ type_double() }})
                / cast(eligible_cost as {{ type_double() }})
    end as effective_savings_rate,

    -- hours, where the bill prices by the hour
    cast(eligible_hours as {{ type_double() }}) as eligible_hours,
    cast(committed_hours as {{ type_double() }}) as committed_hours,
    cast(on_demand_hours as {{ type_double() }}) as on_demand_hours,
    {{ covered_pct('coalesce(committed_hours, 0)', 'eligible_hours') }} as hours_coverage_pct
from measured
