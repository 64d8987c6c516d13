-- what the running month and the three after it will cost, of providers and of accounts; levels never add
with shown as (
    select
        forecast_totals.level,
        forecast_totals.provider,
        coalesce(accounts.account, 'all accounts') as account,
        forecast_totals.billing_currency,
        day_text(forecast_totals.charge_month) as month,
        month_name(forecast_totals.charge_month) as month_name,
        cost(forecast_totals.actual_cost) as actual_cost,
        cost(forecast_totals.forecast_cost) as forecast_cost,
        cost(forecast_totals.lower_80) as lower_80,
        cost(forecast_totals.upper_80) as upper_80,
        cost(forecast_totals.lower_95) as lower_95,
        cost(forecast_totals.upper_95) as upper_95,
        day_name(forecast_totals.as_of_date) as as_of_day
    from forecast_totals
    left join accounts
        on forecast_totals.level = 'account'
            and forecast_totals.provider = accounts.provider
            and forecast_totals.sub_account_id is not distinct from accounts.sub_account_id
    where forecast_totals.level in ('provider', 'account')
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
