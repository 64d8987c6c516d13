-- Through which day each source is whole, told by the data and its deliveries, never by today's date. The last charge
-- month is trusted up to its last usage day less the source's lag: from its arrival pattern once it has one, until
-- then its provider's default. An earlier month is whole when its last delivery was exported five days or more after
-- its end. The first month that is not whole stops the count.
with usage_months as (
    select
        provider,
        dataset,
        scope,
        billing_account_id,
        {{ month_of('charge_date') }} as charge_month,
        max(charge_date) as last_usage_date
    from {{ ref('int_sources__usage_days') }}
    group by provider, dataset, scope, billing_account_id, {{ month_of('charge_date') }}
),

exports as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        -- an export that held the same files again brought no delivery, and settles the month all the same
        max(last_exported_at) as exported_at
    from {{ source('lake', 'current_slices') }}
    where is_current = 1
    group by provider, dataset, scope, billing_period
),

judged as (
    select
        months.provider,
        months.dataset,
        months.scope,
        months.billing_account_id,
        months.charge_month,
        months.last_usage_date,
        max(months.charge_month) over (
            partition by months.provider, months.dataset, months.scope, months.billing_account_id
        ) as last_charge_month,
        case
            when
                exports.exported_at
                >= cast(
                    {{ add_to_date('day', 5, add_to_date('month', 1, 'months.charge_month')) }}
                    as {{ type_timestamp() }}
                )
                then 1
            else 0
        end as is_settled
    from usage_months as months
    left join exports
        on months.provider = exports.provider
            and months.dataset = exports.dataset
            and months.scope = exports.scope
            and months.charge_month = exports.billing_period
),

first_open as (
    select
        provider,
        dataset,
        scope,
        billing_account_id,
        min(charge_month) as charge_month
    from judged
    where is_settled = 0
        or charge_month = last_charge_month
    group by provider, dataset, scope, billing_account_id
)

select
    judged.provider,
    judged.dataset,
    judged.scope,
    judged.billing_account_id,
    {{ add_to_date('day', '-coalesce(patterns.lag_days, seeded.lag_days, 2)', 'judged.last_usage_date') }}
        as complete_through,
    cast(coalesce(patterns.lag_days, seeded.lag_days, 2) as {{ type_integer() }}) as lag_days,
    case when patterns.lag_days is null then 'provider default' else 'arrival pattern' end as lag_source
from judged
inner join first_open
    on judged.provider = first_open.provider
        and judged.dataset = first_open.dataset
        and judged.scope = first_open.scope
        and judged.billing_account_id = first_open.billing_account_id
        and judged.charge_month = first_open.charge_month
left join {{ ref('int_sources__lags') }} as patterns
    on judged.provider = patterns.provider
        and judged.dataset = patterns.dataset
        and judged.scope = patterns.scope
left join {{ ref('completeness_lag') }} as seeded
    on judged.provider = seeded.provider
