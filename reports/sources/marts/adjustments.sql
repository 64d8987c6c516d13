-- what closed months would say now, beyond what was stated
with shown as (
    select
        month_name(chargeback_adjustments.billing_period) as due_in,
        month_name(chargeback_adjustments.corrected_period) as corrects,
        coalesce(cost_centers.cost_center, chargeback_adjustments.cost_center_id) as cost_center,
        chargeback_adjustments.provider,
        chargeback_adjustments.billing_currency,
        replace(chargeback_adjustments.cause, '_', ' ') as cause,
        cost(sum(chargeback_adjustments.total_cost)) as total_cost
    from chargeback_adjustments
    left join cost_centers on chargeback_adjustments.cost_center_id = cost_centers.cost_center_id
    group by all
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
