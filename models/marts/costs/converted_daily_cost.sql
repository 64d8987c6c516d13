with rates as (
    select
        charge_date,
        billing_currency,
        reporting_currency,
        exchange_rate,
        exchange_rate_date,
        exchange_rate_source
    from {{ ref('int_exchange_rates__daily') }}
)

select
    -- dimensions
    daily.charge_date,
    daily.provider,
    daily.billing_account_id,
    daily.sub_account_id,
    daily.service_name,
    daily.service_category,
    daily.region_id,
    daily.charge_category,

    -- as billed
    daily.billing_currency,
    daily.billed_cost,
    daily.effective_cost,
    daily.contracted_cost,
    daily.list_cost,

    -- as reported
    rates.reporting_currency,
    {{ converted_cost('daily.billed_cost', 'rates.exchange_rate') }} as converted_billed_cost,
    {{ converted_cost('daily.effective_cost', 'rates.exchange_rate') }} as converted_effective_cost,
    {{ converted_cost('daily.contracted_cost', 'rates.exchange_rate') }} as converted_contracted_cost,
    {{ converted_cost('daily.list_cost', 'rates.exchange_rate') }} as converted_list_cost,

    -- by which rate
    cast(rates.exchange_rate as {{ type_double() }}) as exchange_rate,
    rates.exchange_rate_date,
    rates.exchange_rate_source,
    case
        when rates.reporting_currency is null then 'no reporting currency'
        when rates.exchange_rate is null then 'no rate'
    end as unconverted_reason,
    daily.is_complete
from {{ ref('daily_cost') }} as daily
left join rates
    on daily.charge_date = rates.charge_date
        and daily.billing_currency = rates.billing_currency
