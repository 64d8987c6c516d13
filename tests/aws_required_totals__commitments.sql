-- Used and unused cost of a commitment add up to what it costs in the period: its recurring fee and the share of its
-- upfront payment that AWS says falls into the period, both read from the raw fee rows. Held to a cent and one per
-- cent; a warning, as an open month's fee may stand before its use, and a commitment that starts or ends stands out
-- rightly.
{{ config(severity='warn') }}

with fee_rows as (
    select
        delivery_id,
        cast(bill_billing_period_start_date as {{ type_timestamp() }}) as period_start,
        bill_payer_account_id as payer_id,
        line_item_line_item_type as line_type,
        coalesce(nullif(reservation_reservation_a_r_n, ''), savings_plan_savings_plan_a_r_n) as commitment_id,
        line_item_unblended_cost as gross,
        line_item_net_unblended_cost as net,
        reservation_amortized_upfront_fee_for_billing_period as ri_upfront,
        reservation_net_amortized_upfront_fee_for_billing_period as net_ri_upfront,
        savings_plan_total_commitment_to_date as plan_total,
        savings_plan_net_recurring_commitment_for_billing_period as net_plan_recurring,
        savings_plan_net_amortized_upfront_commitment_for_billing_period as net_plan_upfront
    from {{ source('aws', 'cur2') }}
    union all
    select
        delivery_id,
        cast(bill_billing_period_start_date as {{ type_timestamp() }}) as period_start,
        bill_payer_account_id as payer_id,
        line_item_line_item_type as line_type,
        coalesce(nullif(reservation_reservation_a_r_n, ''), savings_plan_savings_plan_a_r_n) as commitment_id,
        cast(line_item_unblended_cost as {{ type_double() }}) as gross,
        cast(line_item_net_unblended_cost as {{ type_double() }}) as net,
        cast(reservation_amortized_upfront_fee_for_billing_period as {{ type_double() }}) as ri_upfront,
        cast(reservation_net_amortized_upfront_fee_for_billing_period as {{ type_double() }}) as net_ri_upfront,
        cast(savings_plan_total_commitment_to_date as {{ type_double() }}) as plan_total,
        cast(savings_plan_net_recurring_commitment_for_billing_period as {{ type_double() }}) as net_plan_recurring,
        cast(savings_plan_net_amortized_upfront_commitment_for_billing_period as {{ type_double() }})
            as net_plan_upfront
    from {{ source('aws', 'cur') }}
),

payers as (
    select
        delivery_id,
        period_start,
        payer_id,
        max(case when net <> 0 then 1 else 0 end) as is_net
    from fee_rows
    group by delivery_id, period_start, payer_id
),

fees as (
    select
        fee_rows.delivery_id,
        cast(fee_rows.period_start as date) as billing_period,
        fee_rows.commitment_id,
        sum(case
            when line_type = 'RIFee' and is_net = 1
                then coalesce(net, gross, 0) + coalesce(net_ri_upfront, ri_upfront, 0)
            when line_type = 'RIFee' then coalesce(gross, 0) + coalesce(ri_upfront, 0)
            when is_net = 1 and net_plan_recurring is not null
                then net_plan_recurring + coalesce(net_plan_upfront, 0)
            else coalesce(plan_total, 0)
        end) as fee_cost
    from fee_rows
    inner join payers
        on fee_rows.delivery_id = payers.delivery_id
            and fee_rows.period_start = payers.period_start
            and fee_rows.payer_id = payers.payer_id
    where line_type in ('RIFee', 'SavingsPlanRecurringFee')
        and commitment_id <> ''
    group by fee_rows.delivery_id, cast(fee_rows.period_start as date), fee_rows.commitment_id
),

spread as (
    select
        delivery_id,
        billing_period,
        commitment_discount_id,
        sum(effective_cost) as spread_cost
    from {{ ref('stg_aws__focus') }}
    where charge_category = 'Usage'
        and commitment_discount_id is not null
    group by delivery_id, billing_period, commitment_discount_id
)

select
    fees.delivery_id,
    fees.billing_period,
    fees.commitment_id,
    fees.fee_cost,
    spread.spread_cost
from fees
inner join spread
    on fees.delivery_id = spread.delivery_id
        and fees.billing_period = spread.billing_period
        and fees.commitment_id = spread.commitment_discount_id
where abs(fees.fee_cost - spread.spread_cost) > 0.01 + 0.01 * abs(fees.fee_cost)
