-- budgets by month, the newest first, with where the month is thought to end
with shown as (
    select
        day_text(budgets.billing_period) as month,
        month_name(budgets.billing_period) as month_name,
        budgets.budget_id as budget,
        coalesce(cost_centers.cost_center, accounts.account, budgets.service_name, budgets.provider, 'everything')
            as covers,
        budgets.provider,
        budgets.billing_currency,
        cost(budgets.budget_cost) as budget_cost,
        cost(budgets.actual_cost) as actual_cost,
        cost(budgets.expected_cost) as expected_cost,
        budgets.expected_variance,
        day_name(budgets.through_date) as through_day,
        day_name(budgets.breach_date) as breach_day,
        case budgets.status
            when 'breached' then 'over budget'
            when 'breach_expected' then 'will be over'
            when 'near' then 'close'
            when 'within' then 'within'
            else 'no data'
        end as standing,
        case budgets.status
            when 'breached' then 1 when 'breach_expected' then 2 when 'near' then 3 when 'within' then 4 else 5
        end as place,
        case budgets.expected_by
            when 'forecasts' then 'forecast' when 'run_rate' then 'days so far' when 'actual' then 'month is over'
        end as told_by
    from budgets
    left join cost_centers on budgets.cost_center_id = cost_centers.cost_center_id
    left join accounts
        on budgets.provider = accounts.provider and budgets.sub_account_id = accounts.sub_account_id
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
