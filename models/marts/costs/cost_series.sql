with daily as (
    select
        provider,
        billing_account_id,
        sub_account_id,
        service_name,
        billing_currency,
        charge_date,
        sum(effective_cost) as effective_cost,
        sum(case when charge_category = 'Credit' then effective_cost else 0 end) as credit_cost,
        min(cast(is_complete as {{ type_integer() }})) as is_complete
    from {{ ref('daily_cost') }}
    where coalesce(charge_category, '') <> 'Tax'
    group by provider, billing_account_id, sub_account_id, service_name, billing_currency, charge_date
),

-- An account that changed its payer goes on as one series, under the billing account of its last day.
dated as (
    select
        *,
        min(charge_date) over (
            partition by provider, sub_account_id, service_name, billing_currency
        ) as first_date,
        max(charge_date) over (
            partition by provider, sub_account_id, service_name, billing_currency
        ) as last_date
    from daily
),

ranked as (
    select
        *,
        max(case when charge_date = last_date then billing_account_id end) over (
            partition by provider, sub_account_id, service_name, billing_currency
        ) as last_billing_account_id,
        dense_rank() over (
            partition by provider, sub_account_id, service_name
            order by first_date, billing_currency
        ) as currency_rank
    from dated
),

named as (
    select
        *,
        {{ concat_texts([
            series_part('provider'), "'/'", series_part('sub_account_id'), "'/'", series_part('service_name')
        ]) }} as base_id
    from ranked
)

select
    -- keys
    cast(
        case when currency_rank = 1 then base_id else {{ concat_texts(['base_id', "'@'", 'billing_currency']) }} end
        as {{ type_text() }}
    ) as series_id,
    provider,
    last_billing_account_id as billing_account_id,
    sub_account_id,
    service_name,
    billing_currency,
    charge_date,

    -- measures
    {{ money('sum(effective_cost)') }} as effective_cost,
    {{ money('sum(credit_cost)') }} as credit_cost,
    cast(min(is_complete) as {{ type_boolean() }}) as is_complete
from named
group by
    currency_rank, base_id, provider, last_billing_account_id, sub_account_id, service_name, billing_currency,
    charge_date
