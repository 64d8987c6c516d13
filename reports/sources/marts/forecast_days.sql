-- forecasts by day, of providers and of accounts; levels never add
with shown as (
    select
        forecasts.level,
        forecasts.provider,
        coalesce(accounts.account, 'all accounts') as account,
        forecasts.billing_currency,
        day_text(forecasts.forecast_date) as charge_date,
        datediff('day', forecasts.as_of_date, forecasts.forecast_date) as days_ahead,
        cost(forecasts.forecast_cost) as forecast_cost,
        cost(forecasts.lower_80) as lower_80,
        cost(forecasts.upper_80) as upper_80
    from forecasts
    left join accounts
        on forecasts.level = 'account'
            and forecasts.provider = accounts.provider
            and forecasts.sub_account_id is not distinct from accounts.sub_account_id
    where forecasts.level in ('provider', 'account')
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
