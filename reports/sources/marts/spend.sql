-- thirteen months by account, cost center and service, without tax; a charge is with the center that the rules give it
-- to, before shared cost is split
with categories as (
    select
        provider,
        service_name,
        coalesce(max(service_category), 'Other') as service_category
    from daily_cost
    group by provider, service_name
),

shown as (
    select
        day_text(date_trunc('month', allocation.charge_date)) as month,
        any_value(
            case when not is_whole and date_trunc('month', charge_date) = running_month
                    then month_so_far(charge_date)
                else month_name(charge_date)
            end
        ) as month_name,
        allocation.provider,
        accounts.account,
        coalesce(cost_centers.cost_center, for_filter(allocation.owner_id)) as cost_center,
        for_filter(categories.service_category) as service_category,
        for_filter(allocation.service_name) as service_name,
        allocation.billing_currency,
        cost(sum(allocation.billed_cost)) as billed_cost,
        cost(sum(allocation.effective_cost)) as effective_cost
    from allocation
    inner join calendar on allocation.billing_currency = calendar.billing_currency
    inner join categories
        on allocation.provider = categories.provider and allocation.service_name = categories.service_name
    inner join accounts
        on allocation.provider = accounts.provider
            and allocation.sub_account_id is not distinct from accounts.sub_account_id
    left join cost_centers on allocation.owner_id = cost_centers.cost_center_id
    where allocation.charge_category <> 'Tax'
        and allocation.charge_date between running_month - interval 12 month and through_date
    group by all
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
