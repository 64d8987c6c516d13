{{ config(materialized='sliced', datasets=['gcp_detailed', 'gcp_standard']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- What the fees of Google's older commitments pay for: within a pool and day a fee is spread by credited usage; a
-- resource commitment's fee only as far as its hours were used. The new spend model needs none of this: there usage
-- rows carry their price and commitment.
-- It is stored, though small: of a stored table the engines know that it is small, and hold it and not the bill's rows
-- when they join the two.
with kinds as (
    select 'fee' as kind
    union all
    select 'spend' as kind
    union all
    select 'resource' as kind
),

-- What goes into a pool: fees of commitments, and the credits of usage.
flows as (
    select
        dataset,
        scope,
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        case
            when kind = 'fee' then fee_pool
            when kind = 'spend' then spend_pool
            else resource_pool
        end as pool,
        case when kind = 'fee' then 1 else 0 end as is_fee,
        case when kind = 'fee' then commitment_id end as commitment_id,
        case when kind = 'fee' then priced_cost + fee_offset end as fee_cost,
        case when kind = 'fee' and commitment_fee = 'resource' then pricing_amount end as committed_amount,
        case
            when kind = 'spend' then -spend_credits
            when kind = 'resource' then resource_share * coalesce(pricing_amount, 1)
        end as credited_amount
    from {{ ref('base_gcp__usage') }}
    inner join kinds
        on (kind = 'fee' and fee_pool is not null)
            or (kind = 'spend' and spend_share <> 0)
            or (kind = 'resource' and resource_share <> 0)
),

commitments as (
    select
        dataset,
        scope,
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        pool,
        is_fee,
        commitment_id,
        sum(fee_cost) as fee_cost,
        sum(committed_amount) as committed_amount,
        sum(credited_amount) as credited_amount
    from flows
    group by
        dataset, scope, delivery_id, billing_period, billing_account_id, currency, usage_date, pool, is_fee,
        commitment_id
),

pools as (
    select
        *,
        sum(is_fee) over (
            partition by delivery_id, billing_period, billing_account_id, currency, usage_date, pool
        ) as pool_commitments,
        sum(fee_cost) over (
            partition by delivery_id, billing_period, billing_account_id, currency, usage_date, pool
        ) as pool_fee_cost,
        sum(committed_amount) over (
            partition by delivery_id, billing_period, billing_account_id, currency, usage_date, pool
        ) as pool_committed_amount,
        sum(credited_amount) over (
            partition by delivery_id, billing_period, billing_account_id, currency, usage_date, pool
        ) as pool_credited_amount,
        row_number() over (
            partition by delivery_id, billing_period, billing_account_id, currency, usage_date, pool, is_fee
            order by commitment_id
        ) as place
    from commitments
),

shares as (
    select
        *,
        coalesce(fee_cost / nullif(pool_fee_cost, 0), cast(1 as {{ type_double() }}) / pool_commitments) as usage_share,
        case
            when coalesce(pool_credited_amount, 0) <= 0 then 0
            when coalesce(pool_committed_amount, 0) <= pool_credited_amount then 1
            else pool_credited_amount / pool_committed_amount
        end as used_share
    from pools
    where is_fee = 1
)

select
    'gcp' as provider,
    dataset,
    scope,
    delivery_id,
    billing_period,
    billing_account_id,
    currency,
    usage_date,
    pool,
    commitment_id,
    place,
    usage_share,
    coalesce(fee_cost * used_share / nullif(pool_credited_amount, 0), 0) as cost_of_credit,
    1 - used_share as unused_share
from shares
