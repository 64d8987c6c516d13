-- What a closed month would say today beyond its statement and the corrections that later statements hold.
-- The difference belongs to the month after the newest closed one. Less than a billionth is the rounding of shares.
with statements as (
    select * from {{ source('lake', 'closed_statements') }}
),

closed as (
    select distinct billing_period
    from statements
),

open_month as (
    select {{ add_to_date('month', 1, 'max(billing_period)') }} as billing_period
    from closed
),

sides as (
    select
        live.billing_period as corrected_period,
        live.cost_center_id,
        live.provider,
        live.service_name,
        live.billing_currency,
        live.direct_cost,
        live.shared_cost,
        live.commitment_waste_cost,
        live.credit_cost,
        live.tax_cost,
        live.total_cost,
        live.commitment_benefit
    from {{ ref('int_chargeback__live') }} as live
    inner join closed
        on live.billing_period = closed.billing_period
    union all
    select
        corrected_period,
        cost_center_id,
        provider,
        service_name,
        billing_currency,
        -direct_cost as direct_cost,
        -shared_cost as shared_cost,
        -commitment_waste_cost as commitment_waste_cost,
        -credit_cost as credit_cost,
        -tax_cost as tax_cost,
        -total_cost as total_cost,
        -commitment_benefit as commitment_benefit
    from statements
),

differences as (
    select
        corrected_period,
        cost_center_id,
        provider,
        service_name,
        billing_currency,
        sum(direct_cost) as direct_cost,
        sum(shared_cost) as shared_cost,
        sum(commitment_waste_cost) as commitment_waste_cost,
        sum(credit_cost) as credit_cost,
        sum(tax_cost) as tax_cost,
        sum(total_cost) as total_cost,
        sum(commitment_benefit) as commitment_benefit
    from sides
    group by corrected_period, cost_center_id, provider, service_name, billing_currency
),

-- Did the bill move, of this service or of any other of the provider, or who owns what?
by_service as (
    select
        *,
        sum(total_cost) over (
            partition by corrected_period, provider, service_name, billing_currency
        ) as service_change_cost
    from differences
),

explained as (
    select
        *,
        max(abs(service_change_cost)) over (
            partition by corrected_period, provider, billing_currency
        ) as bill_change_cost
    from by_service
)

select
    open_month.billing_period,
    explained.corrected_period,
    explained.cost_center_id,
    explained.provider,
    explained.service_name,
    explained.billing_currency,
    explained.direct_cost,
    explained.shared_cost,
    explained.commitment_waste_cost,
    explained.credit_cost,
    explained.tax_cost,
    explained.total_cost,
    explained.commitment_benefit,
    case
        when abs(explained.service_change_cost) > 0.000000001 then 'bill_restated'
        when explained.bill_change_cost > 0.000000001 then 'shares_moved'
        else 'owners_changed'
    end as cause
from explained
cross join open_month
where abs(explained.direct_cost) > 0.000000001
    or abs(explained.shared_cost) > 0.000000001
    or abs(explained.commitment_waste_cost) > 0.000000001
    or abs(explained.credit_cost) > 0.000000001
    or abs(explained.tax_cost) > 0.000000001
    or abs(explained.commitment_benefit) > 0.000000001
