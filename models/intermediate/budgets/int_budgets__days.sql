-- What each day of a budget's month costs or is expected to: so far the mean of the whole days, then the forecast of
-- the scope's series, or that mean again where there is none.
with digits as (
    select 0 as digit
    union all
    select 1 as digit
    union all
    select 2 as digit
    union all
    select 3 as digit
    union all
    select 4 as digit
    union all
    select 5 as digit
    union all
    select 6 as digit
    union all
    select 7 as digit
    union all
    select 8 as digit
    union all
    select 9 as digit
),

places as (
    select tens.digit * 10 + ones.digit as place
    from digits as tens
    cross join digits as ones
    where tens.digit < 4
),

budgets as (
    select
        *,
        {{ dbt.datediff('billing_period', 'through_date', 'day') }}
        + 1 as whole_days
    from {{ ref('int_budgets__actuals') }}
    where through_date >= billing_period
),

days as (
    select
        budgets.*,
        {{ add_to_date('day', 'places.place', 'budgets.billing_period') }} as charge_date,
        cast(budgets.complete_cost as {{ type_double() }}) / nullif(budgets.whole_days, 0) as mean_cost
    from budgets
    cross join places
    where places.place <= {{ dbt.datediff('budgets.billing_period', 'budgets.last_date', 'day') }}
),

forecasts as (
    select
        days.budget_id,
        days.billing_period,
        days.charge_date,
        sum(forecasts.forecast_cost) as forecast_cost
    from days
    inner join {{ ref('forecasts') }} as forecasts
        on days.charge_date = forecasts.forecast_date
            and days.billing_currency = forecasts.billing_currency
            and (days.provider is null or days.provider = forecasts.provider)
            and (days.sub_account_id is null or days.sub_account_id = forecasts.sub_account_id)
            and (days.service_name is null or days.service_name = forecasts.service_name)
            and forecasts.level = case
                when days.service_name is not null then 'service'
                when days.sub_account_id is not null then 'account'
                else 'provider'
            end
    where days.cost_center_id is null
        and days.charge_date > days.through_date
    group by days.budget_id, days.billing_period, days.charge_date
)

select
    days.budget_id,
    days.billing_period,
    days.charge_date,
    case when forecasts.forecast_cost is null then 0 else 1 end as is_forecast,
    coalesce(cast(forecasts.forecast_cost as {{ type_double() }}), days.mean_cost) as expected_cost
from days
left join forecasts
    on days.budget_id = forecasts.budget_id
        and days.billing_period = forecasts.billing_period
        and days.charge_date = forecasts.charge_date
