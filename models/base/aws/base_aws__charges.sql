-- AWS line items with FOCUS's four costs, and a row of its own for what a commitment left unused.
-- Net and gross are never mixed: a payer with any net cost in the period is read net throughout (aws has_net_cost).
with line_items as (
    select * from {{ ref('base_aws__line_items') }}
),

payers as (
    select
        delivery_id,
        billing_period,
        billing_account_id,
        max(has_net_cost) as is_net
    from {{ ref('int_deliveries__raw_totals') }}
    where provider = 'aws'
        and dataset in ('cur2', 'cur')
    group by delivery_id, billing_period, billing_account_id
),

classified as (
    select
        line_items.*,
        coalesce(payers.is_net, 0) as is_net,
        case
            when
                line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee')
                then 'commitment'
            when line_item_line_item_type in ('Fee', 'Refund')
                and (
                    reservation_reservation_a_r_n is not null
                    or savings_plan_savings_plan_a_r_n is not null
                    or line_item_product_code like '%SavingsPlans'
                ) then 'commitment'
            when line_item_line_item_type = 'DiscountedUsage' then 'reserved usage'
            when line_item_line_item_type = 'SavingsPlanCoveredUsage' then 'plan usage'
            when line_item_line_item_type = 'Tax' or line_item_tax_type is not null then 'tax'
            when line_item_line_item_type = 'Usage'
                and (line_item_usage_type like '%SpotUsage%' or pricing_term = 'Spot') then 'spot usage'
            when line_item_line_item_type in ('Usage', 'Refund') then 'usage'
            when line_item_line_item_type in ('Fee', 'FlatRateSubscription') then 'fee'
            when line_item_line_item_type = 'Credit' then 'credit'
            else 'adjustment'
        end as charge_kind,
        case
            when
                payers.is_net = 1 and line_item_line_item_type like '%Discount'
                then coalesce(line_item_net_unblended_cost, 0)
            when payers.is_net = 1 then coalesce(line_item_net_unblended_cost, line_item_unblended_cost, 0)
            else coalesce(line_item_unblended_cost, 0)
        end as charged_cost,
        case when line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee') then 1 else 0 end as tells_unused,
        -- data transfer and disks bear an instance's id too, and are not what containers share
        case
            when line_item_line_item_type in ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')
                and line_item_operation like 'RunInstances%'
                and product_instance_type is not null then line_item_resource_id
        end as instance_id
    from line_items
    left join payers
        on line_items.delivery_id = payers.delivery_id
            and line_items.billing_period = payers.billing_period
            and line_items.bill_payer_account_id = payers.billing_account_id
    -- The negation only cancels the on-demand amounts of covered usage; split rows tell shares of rows that stand.
    where line_item_line_item_type <> 'SavingsPlanNegation'
        and coalesce(line_item_operation, '') not in ('ECSTask-EC2', 'EKSPod-EC2')
),

-- What a fee left unused becomes a row of its own. A join with the parts of a row reads the bill once; a union of two
-- selects would hold all of it in memory.
parts as (
    select
        0 as tells_unused,
        'charge' as charge_part
    union all
    select
        1 as tells_unused,
        'charge' as charge_part
    union all
    select
        1 as tells_unused,
        'unused' as charge_part
),

all_charges as (
    select
        classified.*,
        parts.charge_part,
        case
            when parts.charge_part = 'charge' then line_item_usage_amount
            when line_item_line_item_type = 'RIFee' then reservation_unused_quantity
        end as usage_amount,
        case
            when parts.charge_part = 'unused' or charge_kind = 'plan usage' then 0
            else charged_cost
        end as billed_cost,
        case
            when parts.charge_part = 'unused'
                then {{ aws_unused_cost('line_item_line_item_type', 'is_net') }}
            when charge_kind = 'commitment' then 0
            when charge_kind = 'reserved usage' and is_net = 1
                then coalesce(reservation_net_effective_cost, reservation_effective_cost, 0)
            when charge_kind = 'reserved usage' then coalesce(reservation_effective_cost, 0)
            when charge_kind = 'plan usage' and is_net = 1
                then coalesce(savings_plan_net_savings_plan_effective_cost, savings_plan_savings_plan_effective_cost, 0)
            when charge_kind = 'plan usage' then coalesce(savings_plan_savings_plan_effective_cost, 0)
            else charged_cost
        end as effective_cost,
        case
            when parts.charge_part = 'unused' then 0
            when charge_kind in ('usage', 'reserved usage', 'plan usage')
                then coalesce(nullif(pricing_public_on_demand_cost, 0), line_item_unblended_cost, 0)
            -- a spot price is its own list price: on-demand beside it would invent savings
            when charge_kind = 'spot usage' then coalesce(line_item_unblended_cost, 0)
            when line_item_line_item_type like '%Discount' then 0
            else charged_cost
        end as list_cost,
        case
            when parts.charge_part = 'unused' then 0
            when
                charge_kind = 'reserved usage'
                then coalesce(pricing_public_on_demand_cost, line_item_unblended_cost, 0)
            when charge_kind = 'plan usage' then coalesce(line_item_unblended_cost, 0)
            else charged_cost
        end as contracted_cost
    from classified
    inner join parts
        on classified.tells_unused = parts.tells_unused
)

-- An instance that containers shared gives a row for each share; costs and quantities here are the whole instance's.
select
    all_charges.*,
    coalesce(splits.split_number, 0) as split_number,
    coalesce(splits.split_share, 1) as split_share,
    splits.container_id,
    splits.container_tags,
    splits.container_usage,
    splits.container_unit
from all_charges
left join {{ ref('base_aws__splits') }} as splits
    on all_charges.delivery_id = splits.delivery_id
        and all_charges.instance_id = splits.instance_id
        and all_charges.line_item_usage_start_date = splits.line_item_usage_start_date
where all_charges.charge_part = 'charge'
    or all_charges.effective_cost <> 0
