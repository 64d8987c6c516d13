-- What AWS's files say in their own cost, currency, period and type columns: the witness of the ledger.
-- It shares no code with the mapping. Both the gross and the net reading stand here; the payer's total decides.
with line_items as (
    {%- for dataset in ['cur2', 'cur'] %}
        select
            '{{ dataset }}' as dataset,
            scope,
            delivery_id,
            {{ month_of('bill_billing_period_start_date') }} as billing_period,
            bill_payer_account_id as billing_account_id,
            line_item_currency_code as billing_currency,
            line_item_line_item_type as line_item_type,
            case
                when coalesce(reservation_reservation_a_r_n, '') <> '' then 1
                when coalesce(savings_plan_savings_plan_a_r_n, '') <> '' then 1
                when line_item_product_code like '%SavingsPlans' then 1
                else 0
            end as is_commitment,
            cast(line_item_unblended_cost as {{ type_double() }}) as cost,
            cast(line_item_net_unblended_cost as {{ type_double() }}) as net_cost,
            cast(reservation_effective_cost as {{ type_double() }}) as reserved,
            cast(reservation_net_effective_cost as {{ type_double() }}) as net_reserved,
            cast(savings_plan_savings_plan_effective_cost as {{ type_double() }}) as planned,
            cast(savings_plan_net_savings_plan_effective_cost as {{ type_double() }}) as net_planned,
            cast(reservation_unused_amortized_upfront_fee_for_billing_period as {{ type_double() }}) as unused_upfront,
            cast(reservation_net_unused_amortized_upfront_fee_for_billing_period as {{ type_double() }})
                as net_unused_upfront,
            cast(reservation_unused_recurring_fee as {{ type_double() }}) as unused_recurring,
            cast(reservation_net_unused_recurring_fee as {{ type_double() }}) as net_unused_recurring,
            cast(savings_plan_total_commitment_to_date as {{ type_double() }}) as commitment,
            cast(savings_plan_used_commitment as {{ type_double() }}) as used_commitment,
            cast(savings_plan_net_recurring_commitment_for_billing_period as {{ type_double() }}) as net_recurring,
            cast(savings_plan_net_amortized_upfront_commitment_for_billing_period as {{ type_double() }}) as net_upfront
        from {{ source('aws', dataset) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    'aws' as provider,
    dataset,
    scope,
    delivery_id,
    billing_period,
    billing_account_id,
    billing_currency,
    case when net_cost <> 0 then 1 else 0 end as has_net_cost,
    1 as has_billed_cost,
    1 as has_effective_cost,
    cost as gross_billed_cost,
    case when line_item_type like '%Discount' then coalesce(net_cost, 0) else coalesce(net_cost, cost) end
        as net_billed_cost,
    case
        when line_item_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') then 0
        when line_item_type in ('Fee', 'Refund') and is_commitment = 1 then 0
        when line_item_type = 'SavingsPlanCoveredUsage' then planned
        when line_item_type = 'DiscountedUsage' then reserved
        when line_item_type = 'RIFee' then coalesce(unused_upfront, 0) + coalesce(unused_recurring, 0)
        when line_item_type = 'SavingsPlanRecurringFee' then coalesce(commitment, 0) - coalesce(used_commitment, 0)
        else cost
    end as gross_effective_cost,
    case
        when line_item_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') then 0
        when line_item_type in ('Fee', 'Refund') and is_commitment = 1 then 0
        when line_item_type = 'SavingsPlanCoveredUsage' then coalesce(net_planned, planned)
        when line_item_type = 'DiscountedUsage' then coalesce(net_reserved, reserved)
        when line_item_type = 'RIFee'
            then coalesce(net_unused_upfront, unused_upfront, 0) + coalesce(net_unused_recurring, unused_recurring, 0)
        when line_item_type = 'SavingsPlanRecurringFee' and net_recurring is null
            then coalesce(commitment, 0) - coalesce(used_commitment, 0)
        when line_item_type = 'SavingsPlanRecurringFee'
            then (net_recurring + coalesce(net_upfront, 0)) * (1 - coalesce(used_commitment / nullif(commitment, 0), 0))
        when line_item_type like '%Discount' then coalesce(net_cost, 0)
        else coalesce(net_cost, cost)
    end as net_effective_cost
from line_items
