-- the ten dearest resources of each service, month by month, and all others of it together, without tax
with costs as (
    select
        date_trunc('month', allocation.charge_date)::date as month,
        allocation.provider,
        allocation.sub_account_id,
        allocation.owner_id,
        allocation.service_name,
        allocation.resource_id,
        allocation.billing_currency,
        sum(allocation.billed_cost) as billed_cost,
        sum(allocation.effective_cost) as effective_cost
    from allocation
    inner join calendar on allocation.billing_currency = calendar.billing_currency
    where allocation.charge_category <> 'Tax'
        and allocation.charge_date between running_month - interval 12 month and through_date
    group by all
),

ranked as (
    select
        provider,
        service_name,
        resource_id,
        billing_currency,
        row_number() over (
            partition by provider, service_name, billing_currency order by sum(effective_cost) desc, resource_id
        ) as place
    from costs
    where resource_id is not null
    group by provider, service_name, resource_id, billing_currency
),

dearest as (
    select * from ranked
    where place <= 10
),

shown as (
    select
        day_text(costs.month) as month,
        costs.provider,
        accounts.account,
        coalesce(cost_centers.cost_center, for_filter(costs.owner_id)) as cost_center,
        for_filter(costs.service_name) as service_name,
        coalesce(dearest.resource_id, 'all others') as resource_id,
        costs.billing_currency,
        cost(sum(costs.billed_cost)) as billed_cost,
        cost(sum(costs.effective_cost)) as effective_cost
    from costs
    left join dearest
        on costs.provider = dearest.provider
            and costs.service_name = dearest.service_name
            and costs.resource_id = dearest.resource_id
            and costs.billing_currency = dearest.billing_currency
    inner join accounts
        on costs.provider = accounts.provider and costs.sub_account_id is not distinct from accounts.sub_account_id
    left join cost_centers on costs.owner_id = cost_centers.cost_center_id
    group by all
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
