-- What landing counted in a slice is what the witness reads of it. A period that landing understands and the warehouse
-- does not would take its rows out of both sides of the reconciliation. Google's rows that a newer delivery replaced
-- are not read, so a slice that has any is left out.
with slices as (
    select
        delivery_id,
        provider,
        dataset,
        scope,
        billing_period,
        current_slices.rows as delivered_rows
    from {{ source('lake', 'current_slices') }} as current_slices
    where is_current = 1
        and dataset <> 'invoices'
),

totals as (
    select
        delivery_id,
        provider,
        billing_period,
        sum(raw_rows) as raw_rows
    from {{ ref('int_deliveries__raw_totals') }}
    group by delivery_id, provider, billing_period
),

superseded as (
    select distinct
        delivery_id,
        billing_period
    from {{ ref('int_deliveries__superseded_exports') }}
)

select
    slices.dataset,
    slices.scope,
    slices.billing_period,
    slices.delivery_id,
    slices.delivered_rows,
    totals.raw_rows
from slices
left join totals
    on slices.delivery_id = totals.delivery_id
        and slices.provider = totals.provider
        and slices.billing_period = totals.billing_period
left join superseded
    on slices.delivery_id = superseded.delivery_id
        and slices.billing_period = superseded.billing_period
where superseded.delivery_id is null
    and coalesce(slices.delivered_rows, 0) <> coalesce(totals.raw_rows, 0)
