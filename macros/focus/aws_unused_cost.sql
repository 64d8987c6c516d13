{#- What a commitment's fee row says was paid for and not used, gross or net of discounts as its payer is. -#}
{%- macro aws_unused_cost(line_item_type, is_net) -%}
    case
        when {{ line_item_type }} = 'RIFee' and {{ is_net }} = 1
            then coalesce(
                reservation_net_unused_amortized_upfront_fee_for_billing_period,
                reservation_unused_amortized_upfront_fee_for_billing_period, 0
            ) + coalesce(reservation_net_unused_recurring_fee, reservation_unused_recurring_fee, 0)
        when {{ line_item_type }} = 'RIFee'
            then coalesce(reservation_unused_amortized_upfront_fee_for_billing_period, 0)
                + coalesce(reservation_unused_recurring_fee, 0)
        when {{ is_net }} = 1 and savings_plan_net_recurring_commitment_for_billing_period is not null
            then (
                savings_plan_net_recurring_commitment_for_billing_period
                + coalesce(savings_plan_net_amortized_upfront_commitment_for_billing_period, 0)
            ) * (1 - coalesce(savings_plan_used_commitment / nullif(savings_plan_total_commitment_to_date, 0), 0))
        else coalesce(savings_plan_total_commitment_to_date, 0) - coalesce(savings_plan_used_commitment, 0)
    end
{%- endmacro -%}
