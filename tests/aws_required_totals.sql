-- What AWS's bill adds up to, read from the raw line items with no model between: per delivery, payer, period and
-- currency, what is billed (every line, negations included), what the use of commitments is worth, what they left
-- unused, and the amortised total as AWS users know it (every line at its amortised cost). One payer is read gross or
-- net of discounts as a whole. Held to 1e-6, or 1e-12 for each line of a bill.
with line_items as (
    select
        delivery_id,
        cast(bill_billing_period_start_date as {{ type_timestamp() }}) as period_start,
        bill_payer_account_id as payer_id,
        line_item_currency_code as currency,
        line_item_line_item_type as line_type,
        line_item_product_code as product_code,
        coalesce(reservation_reservation_a_r_n, '') as reservation_arn,
        coalesce(savings_plan_savings_plan_a_r_n, '') as plan_arn,
        line_item_unblended_cost as gross,
        line_item_net_unblended_cost as net,
        reservation_effective_cost as ri_used,
        reservation_net_effective_cost as net_ri_used,
        reservation_unused_amortized_upfront_fee_for_billing_period as ri_idle_upfront,
        reservation_net_unused_amortized_upfront_fee_for_billing_period as net_ri_idle_upfront,
        reservation_unused_recurring_fee as ri_idle_recurring,
        reservation_net_unused_recurring_fee as net_ri_idle_recurring,
        savings_plan_savings_plan_effective_cost as plan_used,
        savings_plan_net_savings_plan_effective_cost as net_plan_used,
        savings_plan_total_commitment_to_date as plan_total,
        savings_plan_used_commitment as plan_total_used,
        savings_plan_net_recurring_commitment_for_billing_period as net_plan_recurring,
        savings_plan_net_amortized_upfront_commitment_for_billing_period as net_plan_upfront
    from {{ source('aws', 'cur2') }}
    union all
    select
        delivery_id,
        cast(bill_billing_period_start_date as {{ type_timestamp() }}) as period_start,
        bill_payer_account_id as payer_id,
        line_item_currency_code as currency,
        line_item_line_item_type as line_type,
        line_item_product_code as product_code,
        coalesce(reservation_reservation_a_r_n, '') as reservation_arn,
        coalesce(savings_plan_savings_plan_a_r_n, '') as plan_arn,
        cast(line_item_unblended_cost as {{ type_double() }}) as gross,
        cast(line_item_net_unblended_cost as {{ type_double() }}) as net,
        cast(reservation_effective_cost as {{ type_double() }}) as ri_used,
        cast(reservation_net_effective_cost as {{ type_double() }}) as net_ri_used,
        cast(reservation_unused_amortized_upfront_fee_for_billing_period as {{ type_double() }}) as ri_idle_upfront,
        cast(reservation_net_unused_amortized_upfront_fee_for_billing_period as {{ type_double() }})
            as net_ri_idle_upfront,
        cast(reservation_unused_recurring_fee as {{ type_double() }}) as ri_idle_recurring,
        cast(reservation_net_unused_recurring_fee as {{ type_double() }}) as net_ri_idle_recurring,
        cast(savings_plan_savings_plan_effective_cost as {{ type_double() }}) as plan_used,
        cast(savings_plan_net_savings_plan_effective_cost as {{ type_double() }}) as net_plan_used,
        cast(savings_plan_total_commitment_to_date as {{ type_double() }}) as plan_total,
        cast(savings_plan_used_commitment as {{ type_double() }}) as plan_total_used,
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
    from line_items
    group by delivery_id, period_start, payer_id
),

-- Net columns of a row that has none fall back to gross, but for discount rows: there gross is the discount again.
as_read as (
    select
        line_items.delivery_id,
        line_items.period_start,
        line_items.payer_id,
        line_items.currency,
        line_items.line_type,
        line_items.product_code,
        line_items.reservation_arn,
        line_items.plan_arn,
        case
            when payers.is_net = 0 then gross
            when line_type like '%Discount' then net
            else coalesce(net, gross)
        end as charged,
        case when payers.is_net = 0 then ri_used else coalesce(net_ri_used, ri_used) end as ri_used,
        case when payers.is_net = 0 then plan_used else coalesce(net_plan_used, plan_used) end as plan_used,
        case when payers.is_net = 0 then ri_idle_upfront else coalesce(net_ri_idle_upfront, ri_idle_upfront) end
            as ri_idle_upfront,
        case when payers.is_net = 0 then ri_idle_recurring else coalesce(net_ri_idle_recurring, ri_idle_recurring) end
            as ri_idle_recurring,
        case
            when payers.is_net = 0 or net_plan_recurring is null
                then coalesce(plan_total, 0) - coalesce(plan_total_used, 0)
            when plan_total <> 0
                then (net_plan_recurring + coalesce(net_plan_upfront, 0))
                    * (1 - coalesce(plan_total_used, 0) / plan_total)
            else net_plan_recurring + coalesce(net_plan_upfront, 0)
        end as plan_idle
    from line_items
    inner join payers
        on line_items.delivery_id = payers.delivery_id
            and line_items.period_start = payers.period_start
            and line_items.payer_id = payers.payer_id
),

bills as (
    select
        delivery_id,
        cast(period_start as date) as billing_period,
        payer_id,
        currency,
        count(*) as line_count,
        sum({{ money('coalesce(charged, 0)') }}) as billed,
        sum(cast(case
            when line_type = 'DiscountedUsage' and reservation_arn <> '' then coalesce(ri_used, 0)
            when line_type = 'SavingsPlanCoveredUsage' and plan_arn <> '' then coalesce(plan_used, 0)
            else 0
        end as {{ type_money() }})) as used,
        sum(cast(case
            when line_type = 'RIFee' and reservation_arn <> ''
                then coalesce(ri_idle_upfront, 0) + coalesce(ri_idle_recurring, 0)
            when line_type = 'SavingsPlanRecurringFee' and plan_arn <> '' then plan_idle
            else 0
        end as {{ type_money() }})) as unused,
        sum(cast(case
            when line_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') then 0
            when line_type = 'SavingsPlanCoveredUsage' then coalesce(plan_used, 0)
            when line_type = 'SavingsPlanRecurringFee' then plan_idle
            when line_type = 'DiscountedUsage' then coalesce(ri_used, 0)
            when line_type = 'RIFee' then coalesce(ri_idle_upfront, 0) + coalesce(ri_idle_recurring, 0)
            when line_type in ('Fee', 'Refund')
                and (reservation_arn <> '' or plan_arn <> '' or product_code like '%SavingsPlans')
                then 0
            else coalesce(charged, 0)
        end as {{ type_money() }})) as amortised
    from as_read
    group by delivery_id, cast(period_start as date), payer_id, currency
),

ledger as (
    select
        delivery_id,
        billing_period,
        billing_account_id,
        billing_currency,
        sum(billed_cost) as billed,
        sum(case when commitment_discount_status = 'Used' then effective_cost else 0 end) as used,
        sum(case when commitment_discount_status = 'Unused' then effective_cost else 0 end) as unused,
        sum(effective_cost) as amortised
    from {{ ref('stg_aws__focus') }}
    group by delivery_id, billing_period, billing_account_id, billing_currency
),

compared as (
    select
        ledger.delivery_id,
        ledger.billing_period,
        ledger.billing_account_id,
        ledger.billing_currency,
        bills.line_count,
        ledger.billed - bills.billed as billed_difference,
        ledger.used - bills.used as used_difference,
        ledger.unused - bills.unused as unused_difference,
        ledger.amortised - bills.amortised as amortised_difference
    from ledger
    left join bills
        on ledger.delivery_id = bills.delivery_id
            and ledger.billing_period = bills.billing_period
            and ledger.billing_account_id = bills.payer_id
            and ledger.billing_currency = bills.currency
)

select *
from compared
where line_count is null
    or abs(billed_difference) > {{ larger_of('0.000001', '0.000000000001 * line_count') }}
    or abs(used_difference) > {{ larger_of('0.000001', '0.000000000001 * line_count') }}
    or abs(unused_difference) > {{ larger_of('0.000001', '0.000000000001 * line_count') }}
    or abs(amortised_difference) > {{ larger_of('0.000001', '0.000000000001 * line_count') }}
