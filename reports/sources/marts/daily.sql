-- the last three months of days by account, without tax and without days that are still filling up
with shown as (
    select
        day_text(daily_cost.charge_date) as charge_date,
        daily_cost.provider,
        accounts.account,
        daily_cost.billing_currency,
        cost(sum(daily_cost.billed_cost)) as billed_cost,
        cost(sum(daily_cost.effective_cost)) as effective_cost
    from daily_cost
    inner join calendar on daily_cost.billing_currency = calendar.billing_currency
    inner join accounts
        on daily_cost.provider = accounts.provider
            and daily_cost.sub_account_id is not distinct from accounts.sub_account_id
    where daily_cost.charge_category <> 'Tax'
        and daily_cost.charge_date between running_month - interval 2 month and through_date
    group by all
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
