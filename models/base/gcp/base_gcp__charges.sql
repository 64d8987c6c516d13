-- Google's rows with FOCUS's costs. Credits that pay stand as rows of their own; a commitment's fee gives a purchase
-- and, for what its offset leaves, an unused row. Covered usage is billed through the fee.
with usage_rows as (
    select
        *,
        case
            when consumption_model <> 'Default' and subscription_id is not null and is_commitment_fee = 0 then 1 else 0
        end as is_covered,
        all_credits - payment_credits - fee_offset as price_credits
    from {{ ref('base_gcp__usage') }}
),

charges as (
    select
        *,
        'charge' as charge_part,
        case
            when is_commitment_fee = 1 then cost + price_credits
            when is_covered = 1 then 0
            else cost + price_credits
        end as billed_cost,
        case when is_commitment_fee = 1 then 0 else cost + price_credits end as effective_cost
    from usage_rows
),

credits as (
    select
        *,
        'credit' as charge_part,
        payment_credits as billed_cost,
        payment_credits as effective_cost
    from usage_rows
    where payment_credits <> 0
),

unused as (
    select
        *,
        'unused' as charge_part,
        0 as billed_cost,
        cost + price_credits + fee_offset as effective_cost
    from usage_rows
    where is_commitment_fee = 1
        and cost + price_credits + fee_offset <> 0
),

-- The offsets of an invoice month and the usage they pay for agree but for Google's rounding and for usage that arrives
-- late. What is left stands as an adjustment, so that the ledger always adds up to the invoice.
differences as (
    select
        delivery_id,
        {{ dbt.concat(["'offset-'", 'subscription_id']) }} as row_id,
        dataset,
        scope,
        billing_period,
        billing_account_id,
        cast(null as varchar) as project_id,
        cast(null as varchar) as project_name,
        currency,
        cast(null as varchar) as transaction_type,
        cast(null as varchar) as seller_name,
        'rounding_error' as cost_type,
        cast(null as varchar) as adjustment_type,
        'Usage covered by a commitment less the offset of its fee' as adjustment_description,
        min(service_id) as service_id,
        min(service_description) as service_description,
        cast(null as varchar) as sku_id,
        cast(null as varchar) as sku_description,
        cast(null as varchar) as resource_name,
        cast(null as varchar) as resource_global_name,
        cast(null as varchar) as region,
        cast(null as varchar) as zone,
        cast(null as varchar) as tags,
        cast(null as varchar) as subscription_id,
        cast(null as varchar) as consumption_model_id,
        'Default' as consumption_model,
        0 as is_commitment_fee,
        min(usage_start_at) as usage_start_at,
        max(usage_end_at) as usage_end_at,
        cast(null as double) as usage_amount,
        cast(null as varchar) as usage_unit,
        cast(null as double) as pricing_amount,
        cast(null as varchar) as pricing_unit,
        0 as cost,
        cast(null as double) as list_cost,
        cast(null as double) as default_cost,
        0 as all_credits,
        0 as payment_credits,
        0 as fee_offset,
        0 as is_covered,
        0 as price_credits,
        'difference' as charge_part,
        cast(
            sum({{ money('case when is_covered = 1 then cost + price_credits else fee_offset end') }}) as double
        ) as billed_cost,
        0 as effective_cost
    from usage_rows
    where is_covered = 1
        or is_commitment_fee = 1
    group by delivery_id, subscription_id, dataset, scope, billing_period, billing_account_id, currency
)

select * from charges
union all
select * from credits
union all
select * from unused
union all
select * from differences
where abs(billed_cost) > 0.000000001
