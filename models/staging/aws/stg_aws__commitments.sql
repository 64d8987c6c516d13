{{ config(datasets=['cur2', 'cur']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- What AWS's line items say of the terms of Savings Plans and reservations, and no FOCUS column holds.
with line_items as (
    {%- for dataset in ['cur2', 'cur'] %}
        select
            delivery_id,
            '{{ dataset }}' as dataset,
            scope,
            {{ month_of('bill_billing_period_start_date') }} as billing_period,
            nullif(savings_plan_savings_plan_a_r_n, '') as savings_plan_arn,
            nullif(reservation_reservation_a_r_n, '') as reservation_arn,
            line_item_line_item_type as line_item_type,
            coalesce(nullif(savings_plan_purchase_term, ''), nullif(pricing_lease_contract_length, ''))
                as purchase_term,
            coalesce(nullif(savings_plan_payment_option, ''), nullif(pricing_purchase_option, '')) as payment_option,
            coalesce(nullif(savings_plan_start_time, ''), nullif(reservation_start_time, '')) as term_start,
            coalesce(nullif(savings_plan_end_time, ''), nullif(reservation_end_time, '')) as term_end,
            line_item_usage_start_date as usage_start,
            line_item_usage_end_date as usage_end,
            cast(savings_plan_total_commitment_to_date as {{ type_double() }}) as committed_cost,
            cast(nullif(reservation_number_of_reservations, '') as {{ type_double() }}) as reservations
        from {{ source('aws', dataset) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

committed as (
    select
        delivery_id,
        dataset,
        scope,
        billing_period,
        coalesce(reservation_arn, savings_plan_arn) as commitment_discount_id,
        payment_option,
        cast({{ regexp_capture('purchase_term', '^([0-9]+) *yr') }} as {{ type_integer() }}) * 12 as term_months,
        {{ utc_timestamp('term_start') }} as starts_at,
        {{ exclusive_end(utc_timestamp('term_end')) }} as ends_at,
        case when line_item_type = 'SavingsPlanRecurringFee' then committed_cost end as committed_cost,
        case
            when line_item_type = 'SavingsPlanRecurringFee'
                then {{ dbt.datediff('usage_start', exclusive_end('usage_end'), 'hour') }}
        end as committed_hours,
        case when line_item_type = 'RIFee' then reservations end as reservations
    from line_items
    where coalesce(reservation_arn, savings_plan_arn) is not null
),

commitments as (
    select
        delivery_id,
        dataset,
        scope,
        billing_period,
        commitment_discount_id,
        max(term_months) as term_months,
        max(payment_option) as payment_option,
        max(starts_at) as starts_at,
        max(ends_at) as ends_at,
        sum(committed_cost) / nullif(sum(committed_hours), 0) as hourly_cost,
        max(reservations) as hourly_quantity
    from committed
    group by delivery_id, dataset, scope, billing_period, commitment_discount_id
),

timed as (
    select
        *,
        {{ dbt.datediff(
            'starts_at', 'ends_at', 'hour'
        ) }} as term_hours
    from commitments
)

select
    'aws' as provider,
    billing_period,
    dataset,
    scope,
    delivery_id,
    commitment_discount_id,
    term_months,
    payment_option,
    starts_at,
    ends_at,
    {{ money('hourly_cost * term_hours') }} as commitment_cost,
    hourly_quantity * term_hours as commitment_quantity
from timed
