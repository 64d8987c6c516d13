-- The running month so far, the same days of the month before, and all of that: by account and service, without tax
with costs as (
    select
        daily_cost.provider,
        accounts.account,
        coalesce(daily_cost.service_category, 'Other') as service_category,
        for_filter(daily_cost.service_name) as service_name,
        daily_cost.billing_currency,
        daily_cost.billed_cost,
        daily_cost.effective_cost,
        daily_cost.charge_date >= running_month as is_running,
        daily_cost.charge_date < running_month and (
            is_whole
            or datediff('day', (running_month - interval 1 month)::date, daily_cost.charge_date) < day(through_date)
        ) as is_same_days
    from daily_cost
    inner join calendar on daily_cost.billing_currency = calendar.billing_currency
    inner join accounts
        on daily_cost.provider = accounts.provider
            and daily_cost.sub_account_id is not distinct from accounts.sub_account_id
    where daily_cost.charge_category <> 'Tax'
        and daily_cost.charge_date between running_month - interval 1 month and through_date
),

shown as (
    select
        provider,
        account,
        service_category,
        service_name,
        billing_currency,
        cost(coalesce(sum(billed_cost) filter (where is_running), 0)) as billed_so_far,
        cost(coalesce(sum(billed_cost) filter (where is_same_days), 0)) as billed_same_days,
        cost(coalesce(sum(billed_cost) filter (where not is_running), 0)) as billed_month_before,
        cost(coalesce(sum(effective_cost) filter (where is_running), 0)) as effective_so_far,
        cost(coalesce(sum(effective_cost) filter (where is_same_days), 0)) as effective_same_days,
        cost(coalesce(sum(effective_cost) filter (where not is_running), 0)) as effective_month_before
    from costs
    group by all
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
