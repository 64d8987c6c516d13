{{ config(materialized='view') }}

-- The lines of each center's invoice of a month: what the month cost, and corrections of closed months due in it.
with lines as (
    select
        billing_period,
        billing_period as corrected_period,
        cost_center_id,
        provider,
        service_name,
        billing_currency,
        cast('charge' as {{ type_text() }}) as line_kind,
        cast(null as {{ type_text() }}) as cause,
        direct_cost,
        shared_cost,
        commitment_waste_cost,
        credit_cost,
        tax_cost,
        total_cost
    from {{ ref('chargeback') }}
    union all
    select
        billing_period,
        corrected_period,
        cost_center_id,
        provider,
        service_name,
        billing_currency,
        cast('adjustment' as {{ type_text() }}) as line_kind,
        cause,
        direct_cost,
        shared_cost,
        commitment_waste_cost,
        credit_cost,
        tax_cost,
        total_cost
    from {{ ref('chargeback_adjustments') }}
)

select
    -- keys
    lines.billing_period,
    lines.cost_center_id,
    lines.line_kind,
    lines.corrected_period,
    lines.provider,
    lines.service_name,
    lines.billing_currency,

    -- who and why
    centers.cost_center_name,
    centers.owner,
    lines.cause,

    -- measures
    lines.direct_cost,
    lines.shared_cost,
    lines.commitment_waste_cost,
    lines.credit_cost,
    lines.tax_cost,
    lines.total_cost
from lines
left join {{ ref('int_cost_centers__monthly') }} as centers
    on lines.billing_period = centers.billing_period
        and lines.cost_center_id = centers.cost_center_id
