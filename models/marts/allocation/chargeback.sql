-- Open months as bill and rules tell them now; closed ones as their statements were written.
with closed as (
    select distinct billing_period
    from {{ source('lake', 'closed_statements') }}
),

open_months as (
    select live.*
    from {{ ref('int_chargeback__live') }} as live
    left join closed
        on live.billing_period = closed.billing_period
    where closed.billing_period is null
),

months as (
    select
        billing_period,
        cost_center_id,
        provider,
        service_name,
        billing_currency,
        direct_cost,
        shared_cost,
        commitment_waste_cost,
        credit_cost,
        tax_cost,
        total_cost,
        commitment_benefit,
        basis
    from open_months
    union all
    select
        billing_period,
        cost_center_id,
        provider,
        service_name,
        billing_currency,
        direct_cost,
        shared_cost,
        commitment_waste_cost,
        credit_cost,
        tax_cost,
        total_cost,
        commitment_benefit,
        basis
    from {{ source('lake', 'closed_statements') }}
    where corrected_period = billing_period
)

select
    -- keys
    billing_period,
    cost_center_id,
    provider,
    service_name,
    billing_currency,

    -- measures
    {{ money('direct_cost') }} as direct_cost,
    {{ money('shared_cost') }} as shared_cost,
    {{ money('commitment_waste_cost') }} as commitment_waste_cost,
    {{ money('credit_cost') }} as credit_cost,
    {{ money('tax_cost') }} as tax_cost,
    {{ money('total_cost') }} as total_cost,
    {{ money('commitment_benefit') }} as commitment_benefit,
    basis
from months
