-- Google's rows with FOCUS's costs. Credits that pay stand as rows of their own; a commitment's fee gives a purchase
-- and, for what was not used of it, an unused row. Covered usage is billed through the fee; a usage row that a credit
-- of an older commitment covers gives one row for that part and one for what is left.
-- The wide rows are read once and stream past small tables, so that a month of any size needs little memory.
with parts as (
    select 'charge' as part
    union all
    select 'credit' as part
    union all
    select 'unused' as part
    union all
    select 'spend' as part
    union all
    select 'resource' as part
    union all
    select 'fee' as part
    union all
    select 'difference' as part
),

usage_parts as (
    select
        usage_rows.*,
        parts.part,
        case
            when part = 'spend' then spend_pool
            when part = 'resource' then resource_pool
            when part = 'fee' then fee_pool
        end as pool
    from {{ ref('base_gcp__usage') }} as usage_rows
    inner join parts
        on part = 'charge'
            or (part = 'credit' and payment_credits <> 0)
            or (part = 'unused' and unused_cost <> 0)
            or (part = 'spend' and spend_share <> 0)
            or (part = 'resource' and resource_share <> 0)
            or (part = 'fee' and fee_pool is not null)
            or (part = 'difference' and (is_covered = 1 or fee_offset <> 0))
    -- nothing is left of a row that is covered in full, to the last place that the ledger keeps
    where part <> 'charge'
        or spend_share + resource_share = 0
        or abs(priced_cost) >= 0.0000000000005
),

charges as (
    select
        usage_parts.*,
        case
            when part = 'charge' then 1 - spend_share - resource_share
            when part = 'spend' then spend_share * coalesce(pools.usage_share, 1)
            when part = 'resource' then resource_share * coalesce(pools.usage_share, 1)
            when part = 'fee' then pools.unused_share
            else 1
        end as part_share,
        coalesce(pools.commitment_id, usage_parts.pool) as covering_commitment_id,
        coalesce(pools.place, 1) as covering_place,
        coalesce(pools.cost_of_credit, 0) as cost_of_credit,
        differences.cost as difference
    from usage_parts
    left join {{ ref('base_gcp__pools') }} as pools
        on usage_parts.delivery_id = pools.delivery_id
            and usage_parts.billing_period = pools.billing_period
            and usage_parts.billing_account_id = pools.billing_account_id
            and usage_parts.currency = pools.currency
            and usage_parts.usage_date = pools.usage_date
            and usage_parts.pool = pools.pool
    left join {{ ref('base_gcp__differences') }} as differences
        on usage_parts.delivery_id = differences.delivery_id
            and usage_parts.row_id = differences.row_id
    -- of a fee's pool its own commitment, as far as that was left unused
    where (part <> 'fee' or (usage_parts.commitment_id = pools.commitment_id and pools.unused_share > 0))
        and (part <> 'difference' or differences.row_id is not null)
)

select
    -- provenance
    delivery_id,
    case
        when part = 'charge' then row_id
        when part in ('spend', 'resource')
            then {{ concat_texts(['row_id', "'-'", 'part', "'-'", dbt.cast('covering_place', type_text())]) }}
        when part = 'fee' then {{ concat_texts(['row_id', "'-unused'"]) }}
        else {{ concat_texts(['row_id', "'-'", 'part']) }}
    end as charge_id,
    case
        when part in ('spend', 'resource') then 'covered'
        when part = 'fee' then 'unused'
        else part
    end as charge_part,
    dataset,
    scope,
    billing_period,

    -- accounts
    billing_account_id,
    project_id,
    project_name,
    currency,
    transaction_type,
    seller_name,

    -- charge
    cost_type,
    adjustment_type,
    adjustment_description,
    service_id,
    service_description,
    sku_id,
    sku_description,

    -- resource and place
    resource_name,
    resource_global_name,
    region,
    zone,
    tags,

    -- commitment
    case
        when part in ('spend', 'resource') then covering_commitment_id
        when part in ('unused', 'fee') then commitment_id
        when part = 'charge' and (is_covered = 1 or commitment_fee is not null) then commitment_id
    end as commitment_id,
    case
        when part = 'spend' then 'Spend'
        when part = 'resource' then 'Usage'
        when part in ('charge', 'unused', 'fee') then commitment_category
    end as commitment_category,
    case
        when part in ('spend', 'resource') then 1
        when part = 'charge' then is_covered
        else 0
    end as is_covered,
    case when commitment_fee is not null then 1 else 0 end as is_commitment_fee,
    consumption_model_id,
    consumption_model,

    -- time
    usage_start_at,
    usage_end_at,

    -- quantities and costs
    usage_amount * part_share as usage_amount,
    usage_unit,
    pricing_amount * part_share as pricing_amount,
    pricing_unit,
    cost * part_share as cost,
    list_cost * part_share as list_cost,
    default_cost * part_share as default_cost,
    case
        when part = 'charge' and is_covered = 0 then priced_cost
        when part = 'credit' then payment_credits
        when part = 'difference' then difference
        else 0
    end as billed_cost,
    case
        when part = 'charge' and commitment_fee is null then priced_cost
        when part = 'credit' then payment_credits
        when part = 'unused' then unused_cost
        when part = 'fee' then (priced_cost + fee_offset) * part_share
        when part = 'spend' then -spend_credits * cost_of_credit
        when part = 'resource' then resource_share * coalesce(pricing_amount, 1) * cost_of_credit
        else 0
    end as effective_cost
from charges
