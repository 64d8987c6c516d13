{{ config(materialized='sliced', datasets=['gcp_detailed', 'gcp_standard']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- What the fees of Google's older commitments pay for: within a pool and day a fee is spread by credited usage; a
-- resource commitment's fee only as far as its hours were used. The new spend model needs none of this: there usage
-- rows carry their price and commitment.
-- It is stored, though small: of a stored table the engines know that it is small, and hold it and not the bill's rows
-- when they join the two.
with pooled as (
    select
        dataset,
        scope,
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        commitment_id,
        commitment_fee,
        pricing_amount,
        priced_cost + fee_offset as fee_cost,
        fee_pool,
        spend_pool,
        spend_credits,
        spend_share,
        resource_pool,
        resource_share
    from {{ ref('base_gcp__usage') }}
    where fee_pool is not null
        or spend_share <> 0
        or resource_share <> 0
),

fees as (
    select
        dataset,
        scope,
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        fee_pool as pool,
        commitment_id,
        sum(fee_cost) as fee_cost,
        sum(case when commitment_fee = 'resource' then pricing_amount end) as committed_amount
    from pooled
    where fee_pool is not null
    group by
        dataset, scope, delivery_id, billing_period, billing_account_id, currency, usage_date, fee_pool, commitment_id
),

credited as (
    select
        dataset,
        scope,
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        spend_pool as pool,
        -spend_credits as credited_amount
    from pooled
    where spend_share <> 0
    union all
    select
        dataset,
        scope,
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        resource_pool as pool,
        resource_share * coalesce(pricing_amount, 1) as credited_amount
    from pooled
    where resource_share <> 0
),

pools as (
    select
        dataset,
        scope,
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        pool,
        sum(credited_amount) as credited_amount
    from credited
    group by dataset, scope, delivery_id, billing_period, billing_account_id, currency, usage_date, pool
),

pool_fees as (
    select
        fees.*,
        sum(fees.fee_cost) over (
            partition by
                fees.delivery_id, fees.billing_period, fees.billing_account_id,
                fees.currency, fees.usage_date, fees.pool
        ) as pool_fee_cost,
        sum(fees.committed_amount) over (
            partition by
                fees.delivery_id, fees.billing_period, fees.billing_account_id,
                fees.currency, fees.usage_date, fees.pool
        ) as pool_committed_amount,
        count(*) over (
            partition by
                fees.delivery_id, fees.billing_period, fees.billing_account_id,
                fees.currency, fees.usage_date, fees.pool
        ) as pool_commitments,
        row_number() over (
            partition by
                fees.delivery_id, fees.billing_period, fees.billing_account_id,
                fees.currency, fees.usage_date, fees.pool
            order by fees.commitment_id
        ) as place,
        pools.credited_amount
    from fees
    left join pools
        on fees.delivery_id = pools.delivery_id
            and fees.billing_period = pools.billing_period
            and fees.billing_account_id = pools.billing_account_id
            and fees.currency = pools.currency
            and fees.usage_date = pools.usage_date
            and fees.pool = pools.pool
),

used_fees as (
    select
        *,
        coalesce(fee_cost / nullif(pool_fee_cost, 0), cast(1 as {{ type_double() }}) / pool_commitments) as usage_share,
        case
            when coalesce(credited_amount, 0) <= 0 then 0
            when coalesce(pool_committed_amount, 0) <= credited_amount then 1
            else credited_amount / pool_committed_amount
        end as used_share
    from pool_fees
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
    coalesce(fee_cost * used_share / nullif(credited_amount, 0), 0) as cost_of_credit,
    1 - used_share as unused_share
from used_fees
