{{ config(datasets=['azure_actual', 'azure_amortized']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- What Azure's cost details say of the terms of reservations and savings plans, and no FOCUS column holds. A benefit
-- paid at once tells its start by the day of its purchase; one paid by the month does not say when payments began.
with benefits as (
    select
        delivery_id,
        dataset,
        scope,
        billing_period,
        benefit_id,
        charge_date,
        quantity,
        cost,
        cast({{ regexp_capture('benefit_term', '([0-9]+)') }} as {{ type_integer() }})
        * case when lower(benefit_term) like '%y%' then 12 else 1 end as term_months,
        case
            when charge_type <> 'Purchase' then null
            when billing_frequency = 'OneTime' then 'upfront'
            else 'monthly'
        end as payment
    from {{ ref('base_azure__cost_details') }}
    where benefit_id is not null
),

commitments as (
    select
        delivery_id,
        dataset,
        scope,
        billing_period,
        benefit_id,
        max(term_months) as term_months,
        max(payment) as payment,
        min(case when payment = 'upfront' then charge_date end) as start_date,
        sum(case when payment is not null then cost end) as paid_cost,
        sum(case when payment is not null then quantity end) as bought_quantity
    from benefits
    group by delivery_id, dataset, scope, billing_period, benefit_id
),

timed as (
    select
        *,
        cast(start_date as {{ type_timestamp() }}) as starts_at,
        cast({{ add_to_date('month', 'term_months', 'start_date') }} as {{ type_timestamp() }}) as ends_at
    from commitments
)

select
    'azure' as provider,
    billing_period,
    dataset,
    scope,
    delivery_id,
    benefit_id as commitment_discount_id,
    term_months,
    case payment when 'upfront' then 'All Upfront' when 'monthly' then 'No Upfront' end as payment_option,
    starts_at,
    ends_at,
    {{ money("paid_cost * case when payment = 'monthly' then term_months else 1 end") }} as commitment_cost,
    case
        when benefit_id not like '%microsoft.billingbenefits%'
            then bought_quantity * {{ dbt.datediff('starts_at', 'ends_at', 'hour') }}
    end as commitment_quantity
from timed
