-- Each budget against what its scope cost and is expected to, day by day to the end of the month.
with days as (
    select
        *,
        sum(expected_cost) over (
            partition by budget_id, billing_period
            order by charge_date
            rows between unbounded preceding and current row
        ) as expected_to_date_cost
    from {{ ref('int_budgets__days') }}
),

expected as (
    select
        days.budget_id,
        days.billing_period,
        max(days.is_forecast) as is_forecast,
        sum(days.expected_cost) as expected_cost,
        min(
            case
                when days.expected_to_date_cost > cast(actuals.budget_cost as {{ type_double() }}) + 0.000001
                    then days.charge_date
            end
        ) as breach_date
    from days
    inner join {{ ref('int_budgets__actuals') }} as actuals
        on days.budget_id = actuals.budget_id
            and days.billing_period = actuals.billing_period
    group by days.budget_id, days.billing_period
),

judged as (
    select
        actuals.*,
        expected.breach_date,
        expected.is_forecast,
        case
            when actuals.through_date >= actuals.last_date then actuals.actual_cost
            else {{ money('expected.expected_cost') }}
        end as expected_cost
    from {{ ref('int_budgets__actuals') }} as actuals
    left join expected
        on actuals.budget_id = expected.budget_id
            and actuals.billing_period = expected.billing_period
)

select
    -- keys
    budget_id,
    billing_period,

    -- scope
    provider,
    sub_account_id,
    service_name,
    cost_center_id,

    -- measures
    billing_currency,
    {{ money('budget_cost') }} as budget_cost,
    {{ money('actual_cost') }} as actual_cost,
    {{ money('expected_cost') }} as expected_cost,
    cast(expected_cost as {{ type_double() }}) / nullif(cast(budget_cost as {{ type_double() }}), 0) - 1
        as expected_variance,
    through_date,
    case when expected_cost > budget_cost then breach_date end as breach_date,
    cast(
        case
            when expected_cost is null then 'no_data'
            when actual_cost > budget_cost then 'breached'
            when expected_cost > budget_cost then 'breach_expected'
            when expected_cost > 0.9 * budget_cost then 'near'
            else 'within'
        end as {{ type_text() }}
    ) as status,
    cast(
        case
            when through_date >= last_date then 'actual'
            when is_forecast = 1 then 'forecasts'
            when expected_cost is not null then 'run_rate'
        end as {{ type_text() }}
    ) as expected_by
from judged
