-- The rate that holds on each day with costs: the newest one dated on or before it. A pair is read the other way round
-- too, but never through a third currency: such a rate is no one's, and its error is not to be seen.
with days as (
    select
        charge_date,
        billing_currency
    from {{ ref('daily_cost') }}
    group by charge_date, billing_currency
),

-- A ledger of one currency needs no choice.
reporting as (
    select
        coalesce(
            {{ reporting_currency() }}, case when count(distinct billing_currency) = 1 then max(billing_currency) end
        ) as reporting_currency
    from days
),

rates as (
    select
        rate_date,
        from_currency,
        to_currency,
        rate,
        rate_source,
        0 as is_inverse
    from {{ ref('exchange_rates') }}
    union all
    select
        rate_date,
        to_currency as from_currency,
        from_currency as to_currency,
        1 / nullif(rate, 0) as rate,
        {{ concat_texts(["'inverse of '", 'rate_source']) }} as rate_source,
        1 as is_inverse
    from {{ ref('exchange_rates') }}
),

candidates as (
    select
        days.charge_date,
        days.billing_currency,
        reporting.reporting_currency,
        rates.rate,
        rates.rate_date,
        rates.rate_source,
        row_number() over (
            partition by days.charge_date, days.billing_currency
            order by rates.rate_date desc, rates.is_inverse asc
        ) as place
    from days
    cross join reporting
    left join rates
        on days.billing_currency = rates.from_currency
            and reporting.reporting_currency = rates.to_currency
            and days.charge_date >= rates.rate_date
            and days.charge_date <= {{ add_to_date('day', var('exchange_rate_days') | int, 'rates.rate_date') }}
)

select
    charge_date,
    billing_currency,
    reporting_currency,
    case when billing_currency = reporting_currency then 1 else rate end as exchange_rate,
    rate_date as exchange_rate_date,
    case when billing_currency = reporting_currency then 'same currency' else rate_source end as exchange_rate_source
from candidates
where place = 1
