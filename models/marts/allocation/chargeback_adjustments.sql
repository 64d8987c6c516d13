-- Corrections of closed months: those that a statement holds already, in its month, and those still to be stated.
with adjustments as (
    select
        billing_period,
        corrected_period,
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
        cause
    from {{ ref('int_chargeback__differences') }}
    union all
    select
        billing_period,
        corrected_period,
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
        cause
    from {{ source('lake', 'closed_statements') }}
    where corrected_period <> billing_period
)

select
    -- keys
    billing_period,
    corrected_period,
    cost_center_id,
    provider,
    service_name,
    billing_currency,
    cause,

    -- measures
    {{ money('direct_cost') }} as direct_cost,
    {{ money('shared_cost') }} as shared_cost,
    {{ money('commitment_waste_cost') }} as commitment_waste_cost,
    {{ money('credit_cost') }} as credit_cost,
    {{ money('tax_cost') }} as tax_cost,
    {{ money('total_cost') }} as total_cost,
    {{ money('commitment_benefit') }} as commitment_benefit
from adjustments
