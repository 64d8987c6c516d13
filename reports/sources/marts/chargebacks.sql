-- who pays, by month, provider and service; shared cost apart, tax included
with shown as (
    select
        day_text(chargeback.billing_period) as month,
        case when not calendar.is_whole and chargeback.billing_period = calendar.running_month
                then month_so_far(chargeback.billing_period)
            else month_name(chargeback.billing_period)
        end as month_name,
        coalesce(cost_centers.cost_center, for_filter(chargeback.cost_center_id)) as cost_center,
        coalesce(cost_centers.owner, '') as owner,
        chargeback.provider,
        for_filter(chargeback.service_name) as service_name,
        chargeback.billing_currency,
        cost(chargeback.direct_cost) as direct_cost,
        cost(chargeback.shared_cost) as shared_cost,
        cost(chargeback.commitment_waste_cost) as commitment_waste_cost,
        cost(chargeback.credit_cost) as credit_cost,
        cost(chargeback.tax_cost) as tax_cost,
        cost(chargeback.total_cost) as total_cost,
        chargeback.basis
    from chargeback
    left join calendar on chargeback.billing_currency = calendar.billing_currency
    left join cost_centers on chargeback.cost_center_id = cost_centers.cost_center_id
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
