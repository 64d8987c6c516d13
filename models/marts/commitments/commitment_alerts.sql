with as_of as (
    select
        provider,
        max(complete_through) as as_of_date
    from {{ ref('completeness') }}
    group by provider
),

inventory as (
    select
        inventory.*,
        as_of.as_of_date,
        {{ dbt.datediff(
            'as_of.as_of_date', 'inventory.ends_at', 'day'
        ) }} as days_left
    from {{ ref('commitment_inventory') }} as inventory
    inner join as_of
        on inventory.provider = as_of.provider
    where inventory.status = 'active'
),

-- How soon it ends, and how much of it goes to waste, are two matters of one commitment.
alerts as (
    select
        'expiry' as alert,
        case when days_left <= 30 then 'high' when days_left <= 60 then 'medium' else 'low' end as severity,
        monthly_amortized_cost as at_stake_cost,
        *
    from inventory
    where days_left between 0 and {{ var('commitment_expiry_days') }}
    union all
    select
        'under_use' as alert,
        case when utilization_pct < 50 then 'high' when utilization_pct < 80 then 'medium' else 'low' end as severity,
        monthly_unused_cost as at_stake_cost,
        *
    from inventory
    where utilization_pct < {{ var('commitment_min_utilization_pct') }}
)

select
    -- keys
    alert,
    provider,
    billing_account_id,
    commitment_discount_id,

    -- what it is
    commitment_discount_name,
    commitment_discount_type,
    family,
    region_id,
    billing_currency,

    -- what is the matter
    severity,
    {{ money('at_stake_cost') }} as at_stake_cost,
    utilization_pct,
    measured_period,
    ends_at,
    cast(days_left as {{ type_integer() }}) as days_left,
    as_of_date
from alerts
