-- Google's rows with FOCUS's costs. Credits that pay stand as rows of their own; a commitment's fee gives a purchase and,
-- for what its offset leaves, an unused row. Covered usage is billed through the fee.
with usage_rows as (
    select
        *,
        case when consumption_model <> 'Default' and subscription_id is not null and is_commitment_fee = 0 then 1 else 0 end as is_covered,
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
)

select * from charges
union all
select * from credits
union all
select * from unused
