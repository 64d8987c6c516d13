-- What the ledger has behind the flagged days that nothing explains yet, and behind the 28 days before each: all that
-- intelligence reads of the ledger itself.
with flagged as (
    select
        series_id,
        charge_date
    from {{ ref('int_anomalies__flagged') }}
    where explanation is null
        and contributors is null
),

days as (
    select distinct
        series.series_id,
        series.provider,
        series.sub_account_id,
        series.service_name,
        series.billing_currency,
        series.charge_date
    from {{ ref('cost_series') }} as series
    inner join flagged
        on series.series_id = flagged.series_id
            and series.charge_date <= flagged.charge_date
            and series.charge_date >= {{ add_to_date('day', -28, 'flagged.charge_date') }}
),

charges as (
    select
        provider,
        sub_account_id,
        service_name,
        billing_currency,
        cast(charge_period_start as date) as charge_date,
        region_id,
        sku_id,
        effective_cost
    from {{ ref('cost_and_usage') }}
    where coalesce(charge_category, '') <> 'Tax'
)

select
    days.series_id,
    days.charge_date,
    charges.region_id,
    charges.sku_id,
    days.billing_currency,
    cast(sum(charges.effective_cost) as {{ type_double() }}) as effective_cost
from days
inner join charges
    on days.provider = charges.provider
        and days.billing_currency = charges.billing_currency
        and days.charge_date = charges.charge_date
        and coalesce(days.sub_account_id, '') = coalesce(charges.sub_account_id, '')
        and coalesce(days.service_name, '') = coalesce(charges.service_name, '')
group by days.series_id, days.charge_date, charges.region_id, charges.sku_id, days.billing_currency
