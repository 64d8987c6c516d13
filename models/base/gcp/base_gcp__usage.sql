-- Google's rows that count, flat, in the one shape they have before they are mapped to FOCUS. Credits are three sums:
-- what lowers the price of the row, what pays for it, and what the new spend commitments set off against their fee.
-- The bill of the older commitments names no link between a fee and the usage it pays for: both name a pool. A spend
-- commitment's pool is the SKU that the fee names; a resource commitment's is the kind of resource in one region.
with usage_costs as (
    select
        'gcp_detailed' as dataset,
        *
    from {{ source('gcp', 'gcp_detailed') }}
    union all
    select
        'gcp_standard' as dataset,
        *
    from {{ source('gcp', 'gcp_standard') }}
),

counted as (
    select usage_costs.*
    from usage_costs
    left join {{ ref('int_deliveries__superseded_exports') }} as superseded
        on usage_costs.delivery_id = superseded.delivery_id
            and {{ parse_month(field('usage_costs.invoice', 'month')) }} = superseded.billing_period
            and cast(usage_costs.export_time as {{ type_timestamp() }})
            between superseded.export_time_from and superseded.export_time_to
    where superseded.delivery_id is null
),

flat as (
    select
        -- provenance
        delivery_id,
        row_id,
        dataset,
        scope,
        {{ parse_month(field('invoice', 'month')) }} as billing_period,

        -- accounts
        billing_account_id,
        {{ field('project', 'id') }} as project_id,
        {{ field('project', 'name') }} as project_name,
        currency,
        transaction_type,
        seller_name,

        -- charge
        cost_type,
        {{ field('adjustment_info', 'type') }} as adjustment_type,
        {{ field('adjustment_info', 'description') }} as adjustment_description,
        {{ field('service', 'id') }} as service_id,
        {{ field('service', 'description') }} as service_description,
        {{ field('sku', 'id') }} as sku_id,
        {{ field('sku', 'description') }} as sku_description,

        -- resource and place
        {{ field('resource', 'name') }} as resource_name,
        {{ field('resource', 'global_name') }} as resource_global_name,
        coalesce({{ field('location', 'region') }}, {{ field('location', 'location') }}) as region,
        {{ field('location', 'zone') }} as zone,
        {{ key_values_as_json([field('project', 'labels'), 'labels', 'tags']) }} as tags,

        -- commitment
        {{ field('subscription', 'instance_id') }} as subscription_id,
        {{ field('consumption_model', 'id') }} as consumption_model_id,
        coalesce({{ field('consumption_model', 'description') }}, 'Default') as consumption_model,
        -- Google names the SKU that a spend commitment's fee paid for in a label; a fee without it was not used.
        case
            when {{ field('sku', 'description') }} like 'Commitment%'
                then {{ regexp_capture(key_values_as_json(['labels']), '"goog-originating-sku-id":"([^"]*)"') }}
        end as originating_sku_id,
        case
            when {{ sum_of_field_where('credits', 'amount', 'type', ['FEE_UTILIZATION_OFFSET']) }} <> 0 then 'spend'
            when {{ field('sku', 'description') }} like 'Commitment - dollar%' then 'spend'
            when {{ field('sku', 'description') }} like 'Commitment%' then 'resource'
        end as commitment_fee,

        -- time
        cast(usage_start_time as {{ type_timestamp() }}) as usage_start_at,
        cast(usage_end_time as {{ type_timestamp() }}) as usage_end_at,

        -- quantities and costs
        cast({{ field('usage', 'amount') }} as {{ type_double() }}) as usage_amount,
        {{ field('usage', 'unit') }} as usage_unit,
        cast({{ field('usage', 'amount_in_pricing_units') }} as {{ type_double() }}) as pricing_amount,
        {{ field('usage', 'pricing_unit') }} as pricing_unit,
        coalesce(cost, 0) as cost,
        cost_at_list as list_cost,
        cost_at_effective_price_default as default_cost,
        {{ sum_of_field('credits', 'amount') }} as all_credits,
        {{ sum_of_field_where('credits', 'amount', 'type', ['PROMOTION', 'CREDIT_TYPE_UNSPECIFIED']) }}
            as payment_credits,
        {{ sum_of_field_where('credits', 'amount', 'type', ['FEE_UTILIZATION_OFFSET']) }} as fee_offset,
        {{ sum_of_field_where('credits', 'amount', 'type', ['COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE']) }}
            as spend_credits,
        {{ sum_of_field_where('credits', 'amount', 'type', ['COMMITTED_USAGE_DISCOUNT']) }} as resource_credits
    from counted
),

priced as (
    select
        *,
        cast(usage_start_at as date) as usage_date,
        coalesce(subscription_id, sku_id) as commitment_id,
        case when commitment_fee = 'resource' then 'Usage' else 'Spend' end as commitment_category,
        case
            when consumption_model <> 'Default' and subscription_id is not null and commitment_fee is null then 1 else 0
        end as is_covered,
        cost + all_credits - payment_credits - fee_offset as priced_cost,
        -- the parts of a usage row that older commitments cover, by their credits
        case when commitment_fee is null then coalesce(-spend_credits / nullif(cost, 0), 0) else 0 end as spend_share,
        case when commitment_fee is null then coalesce(-resource_credits / nullif(cost, 0), 0) else 0 end
            as resource_share
    from flat
),

pooled as (
    select
        *,
        case when spend_share <> 0 then {{ concat_texts(["'spend/'", 'sku_id']) }} end as spend_pool,
        case
            when resource_share <> 0 or commitment_fee = 'resource'
                then {{ concat_texts([
                    "'resource/'", "coalesce(region, '')", "'/'", gcp_resource_kind('sku_description'),
                ]) }}
        end as resource_pool
    from priced
)

select
    *,
    -- null where the bill itself tells what was used of a fee, or that nothing was
    case
        when commitment_fee = 'resource' then resource_pool
        when commitment_fee = 'spend' and originating_sku_id is not null and fee_offset = 0
            then {{ concat_texts(["'spend/'", 'originating_sku_id']) }}
    end as fee_pool,
    -- the rest of an offset, or a fee that names no SKU
    case
        when commitment_fee = 'spend' and (originating_sku_id is null or fee_offset <> 0) then priced_cost + fee_offset
        else 0
    end as unused_cost
from pooled
