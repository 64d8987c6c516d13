-- Google's rows with FOCUS's costs. Credits that pay stand as rows of their own; a commitment's fee gives a purchase
-- and, for what was not used of it, an unused row. Covered usage is billed through the fee; a usage row that a credit
-- of an older commitment covers gives one row for that part and one for what is left.
with usage_rows as (
    select
        *,
        case
            when consumption_model <> 'Default' and subscription_id is not null and commitment_fee is null then 1 else 0
        end as is_covered,
        case when commitment_fee = 'resource' then 'Usage' else 'Spend' end as commitment_category,
        -- the rest of an offset, or of a fee that names no SKU, is unused; other fees are spread over their pool
        case
            when commitment_fee = 'spend' and (originating_sku_id is null or fee_offset <> 0) then 1 else 0
        end as tells_unused,
        coalesce(subscription_id, sku_id) as commitment_id,
        all_credits - payment_credits - fee_offset as price_credits
    from {{ ref('base_gcp__usage') }}
),

covered as (
    select
        *,
        row_number() over (partition by delivery_id, row_id, coverage order by commitment_id, usage_share) as part
    from {{ ref('base_gcp__coverage') }}
),

covered_shares as (
    select
        delivery_id,
        row_id,
        sum(usage_share) as covered_share
    from covered
    where coverage = 'used'
    group by delivery_id, row_id
),

charge_parts as (
    select
        usage_rows.delivery_id,
        usage_rows.row_id,
        'charge' as charge_part,
        '' as part_suffix,
        1 - coalesce(covered_shares.covered_share, 0) as usage_share,
        usage_rows.is_covered,
        case
            when usage_rows.is_covered = 1 or usage_rows.commitment_fee is not null then usage_rows.commitment_id
        end as commitment_id,
        usage_rows.commitment_category,
        case when usage_rows.is_covered = 1 then 0 else cost + price_credits end as billed_cost,
        case when usage_rows.commitment_fee is not null then 0 else cost + price_credits end as effective_cost
    from usage_rows
    left join covered_shares
        on usage_rows.delivery_id = covered_shares.delivery_id
            and usage_rows.row_id = covered_shares.row_id
    -- nothing is left of a row that is covered in full, to the last place that the ledger keeps
    where covered_shares.covered_share is null
        or abs(cost + price_credits) >= 0.0000000000005
    union all
    select
        delivery_id,
        row_id,
        case when coverage = 'used' then 'covered' else 'unused' end as charge_part,
        {{ concat_texts(["'-'", 'coverage', "'-'", dbt.cast('part', type_text())]) }} as part_suffix,
        usage_share,
        case when coverage = 'used' then 1 else 0 end as is_covered,
        commitment_id,
        commitment_category,
        0 as billed_cost,
        effective_cost
    from covered
    union all
    select
        delivery_id,
        row_id,
        'unused' as charge_part,
        '-unused' as part_suffix,
        1 as usage_share,
        0 as is_covered,
        commitment_id,
        commitment_category,
        0 as billed_cost,
        cost + price_credits + fee_offset as effective_cost
    from usage_rows
    where tells_unused = 1
        and cost + price_credits + fee_offset <> 0
    union all
    select
        delivery_id,
        row_id,
        'credit' as charge_part,
        '-credit' as part_suffix,
        1 as usage_share,
        0 as is_covered,
        cast(null as {{ type_text() }}) as commitment_id,
        cast(null as {{ type_text() }}) as commitment_category,
        payment_credits as billed_cost,
        payment_credits as effective_cost
    from usage_rows
    where payment_credits <> 0
    union all
    -- The offsets of an invoice month and the usage they pay for agree but for Google's rounding and for usage that
    -- arrives late. What is left stands as an adjustment, so that the ledger always adds up to the invoice.
    select
        delivery_id,
        min(row_id) as row_id,
        'difference' as charge_part,
        '-difference' as part_suffix,
        1 as usage_share,
        0 as is_covered,
        cast(null as {{ type_text() }}) as commitment_id,
        cast(null as {{ type_text() }}) as commitment_category,
        cast(
            sum({{ money('case when usage_rows.is_covered = 1 then cost + price_credits else fee_offset end') }})
            as {{ type_double() }}
        ) as billed_cost,
        0 as effective_cost
    from usage_rows
    where is_covered = 1
        or fee_offset <> 0
    group by delivery_id, billing_period, billing_account_id, currency, usage_rows.commitment_id
    having
        abs(sum({{ money('case when usage_rows.is_covered = 1 then cost + price_credits else fee_offset end') }}))
        > 0.000000001
)

select
    -- provenance
    usage_rows.delivery_id,
    {{ concat_texts(['usage_rows.row_id', 'charge_parts.part_suffix']) }} as charge_id,
    charge_parts.charge_part,
    usage_rows.dataset,
    usage_rows.scope,
    usage_rows.billing_period,

    -- accounts
    usage_rows.billing_account_id,
    usage_rows.project_id,
    usage_rows.project_name,
    usage_rows.currency,
    usage_rows.transaction_type,
    usage_rows.seller_name,

    -- charge
    usage_rows.cost_type,
    usage_rows.adjustment_type,
    usage_rows.adjustment_description,
    usage_rows.service_id,
    usage_rows.service_description,
    usage_rows.sku_id,
    usage_rows.sku_description,

    -- resource and place
    usage_rows.resource_name,
    usage_rows.resource_global_name,
    usage_rows.region,
    usage_rows.zone,
    usage_rows.tags,

    -- commitment
    charge_parts.commitment_id,
    charge_parts.commitment_category,
    charge_parts.is_covered,
    case when usage_rows.commitment_fee is not null then 1 else 0 end as is_commitment_fee,
    usage_rows.consumption_model_id,
    usage_rows.consumption_model,

    -- time
    usage_rows.usage_start_at,
    usage_rows.usage_end_at,

    -- quantities and costs
    usage_rows.usage_amount * charge_parts.usage_share as usage_amount,
    usage_rows.usage_unit,
    usage_rows.pricing_amount * charge_parts.usage_share as pricing_amount,
    usage_rows.pricing_unit,
    usage_rows.cost * charge_parts.usage_share as cost,
    usage_rows.list_cost * charge_parts.usage_share as list_cost,
    usage_rows.default_cost * charge_parts.usage_share as default_cost,
    charge_parts.billed_cost,
    charge_parts.effective_cost
from charge_parts
inner join usage_rows
    on charge_parts.delivery_id = usage_rows.delivery_id
        and charge_parts.row_id = usage_rows.row_id
