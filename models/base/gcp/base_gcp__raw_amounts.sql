-- What Google's rows say in their own cost, credit, currency, month and account columns, without the mapping's code.
-- An invoice is cost plus all credits; commitments are paid and used within the month, so effective totals are equal.
with usage_costs as (
    select
        'gcp_detailed' as dataset,
        *
    from {{ source('gcp', 'gcp_detailed') }}
    union all
    select
        'gcp_standard' as dataset,
        *
    from {{ source('gcp', 'gcp_standard') }}
)

select
    'gcp' as provider,
    usage_costs.dataset,
    usage_costs.scope,
    usage_costs.delivery_id,
    {{ parse_month(field('usage_costs.invoice', 'month')) }} as billing_period,
    usage_costs.billing_account_id,
    usage_costs.currency as billing_currency,
    0 as has_net_cost,
    1 as has_billed_cost,
    1 as has_effective_cost,
    coalesce(usage_costs.cost, 0) + {{ sum_of_field('usage_costs.credits', 'amount') }} as gross_billed_cost,
    coalesce(usage_costs.cost, 0) + {{ sum_of_field('usage_costs.credits', 'amount') }} as net_billed_cost,
    coalesce(usage_costs.cost, 0) + {{ sum_of_field('usage_costs.credits', 'amount') }} as gross_effective_cost,
    coalesce(usage_costs.cost, 0) + {{ sum_of_field('usage_costs.credits', 'amount') }} as net_effective_cost
from usage_costs
left join {{ ref('int_deliveries__superseded_exports') }} as superseded
    on usage_costs.delivery_id = superseded.delivery_id
        and {{ parse_month(field('usage_costs.invoice', 'month')) }} = superseded.billing_period
        and cast(usage_costs.export_time as {{ type_timestamp() }})
        between superseded.export_time_from and superseded.export_time_to
where superseded.delivery_id is null
