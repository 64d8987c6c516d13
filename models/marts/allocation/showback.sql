{{ config(materialized='view') }}

-- What each center costs by itself, and with all below it; parents without cost of their own stand here too.
with charged as (
    select
        billing_period,
        cost_center_id,
        billing_currency,
        direct_cost,
        shared_cost,
        commitment_waste_cost,
        credit_cost,
        tax_cost,
        total_cost,
        commitment_benefit
    from {{ ref('chargeback') }}
),

summed as (
    select
        ancestors.billing_period,
        ancestors.ancestor_id as cost_center_id,
        charged.billing_currency,
        sum(case when ancestors.distance = 0 then charged.direct_cost else 0 end) as direct_cost,
        sum(case when ancestors.distance = 0 then charged.shared_cost else 0 end) as shared_cost,
        sum(case when ancestors.distance = 0 then charged.commitment_waste_cost else 0 end) as commitment_waste_cost,
        sum(case when ancestors.distance = 0 then charged.credit_cost else 0 end) as credit_cost,
        sum(case when ancestors.distance = 0 then charged.tax_cost else 0 end) as tax_cost,
        sum(case when ancestors.distance = 0 then charged.total_cost else 0 end) as total_cost,
        sum(case when ancestors.distance = 0 then charged.commitment_benefit else 0 end) as commitment_benefit,
        sum(charged.total_cost) as total_with_children_cost
    from {{ ref('int_cost_centers__ancestors') }} as ancestors
    inner join charged
        on ancestors.billing_period = charged.billing_period
            and ancestors.cost_center_id = charged.cost_center_id
    group by ancestors.billing_period, ancestors.ancestor_id, charged.billing_currency
)

select
    -- keys
    summed.billing_period,
    summed.cost_center_id,
    summed.billing_currency,

    -- who
    centers.cost_center_name,
    centers.owner,
    centers.parent_id,

    -- measures
    {{ money('summed.direct_cost') }} as direct_cost,
    {{ money('summed.shared_cost') }} as shared_cost,
    {{ money('summed.commitment_waste_cost') }} as commitment_waste_cost,
    {{ money('summed.credit_cost') }} as credit_cost,
    {{ money('summed.tax_cost') }} as tax_cost,
    {{ money('summed.total_cost') }} as total_cost,
    {{ money('summed.total_with_children_cost') }} as total_with_children_cost,
    {{ money('summed.commitment_benefit') }} as commitment_benefit
from summed
left join {{ ref('int_cost_centers__monthly') }} as centers
    on summed.billing_period = centers.billing_period
        and summed.cost_center_id = centers.cost_center_id
