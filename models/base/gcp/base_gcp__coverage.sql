-- What Google's fees pay for where the bill names no link: usage with a commitment's credit and the fees of the same
-- pool. A legacy spend commitment's pool is the SKU that the fee names; a resource commitment's is the kind of resource
-- in one region. Within a pool and day the fee is spread by credited usage; a resource commitment's fee only as far as
-- its hours were used. The new spend model needs none of this: there usage rows carry their price and commitment.
with described as (
    select
        delivery_id,
        row_id,
        billing_period,
        billing_account_id,
        currency,
        cast(usage_start_at as date) as usage_date,
        sku_id,
        originating_sku_id,
        commitment_fee,
        coalesce(subscription_id, sku_id) as commitment_id,
        pricing_amount,
        cost,
        fee_offset,
        spend_credits,
        resource_credits,
        cost + all_credits - payment_credits as fee_cost,
        {{ concat_texts(["'resource/'", "coalesce(region, '')", "'/'", gcp_resource_kind('sku_description')]) }}
            as resource_pool
    from {{ ref('base_gcp__usage') }}
),

-- The pool that a fee pays into; null where the bill itself tells what was used, or that nothing was.
usage_rows as (
    select
        *,
        case
            when commitment_fee = 'resource' then resource_pool
            when commitment_fee = 'spend' and originating_sku_id is not null and fee_offset = 0
                then {{ concat_texts(["'spend/'", 'originating_sku_id']) }}
        end as fee_pool
    from described
),

fees as (
    select
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        fee_pool as pool,
        commitment_id,
        sum(fee_cost) as fee_cost,
        sum(case when commitment_fee = 'resource' then pricing_amount end) as committed_amount
    from usage_rows
    where fee_pool is not null
    group by delivery_id, billing_period, billing_account_id, currency, usage_date, fee_pool, commitment_id
),

credited as (
    select
        usage_rows.*,
        {{ concat_texts(["'spend/'", 'sku_id']) }} as pool,
        'Spend' as commitment_category,
        -spend_credits / nullif(cost, 0) as credited_share,
        -spend_credits as credited_amount
    from usage_rows
    where spend_credits <> 0
        and cost <> 0
        and commitment_fee is null
    union all
    select
        usage_rows.*,
        resource_pool as pool,
        'Usage' as commitment_category,
        -resource_credits / nullif(cost, 0) as credited_share,
        -resource_credits / nullif(cost, 0) * coalesce(pricing_amount, 1) as credited_amount
    from usage_rows
    where resource_credits <> 0
        and cost <> 0
        and commitment_fee is null
),

pools as (
    select
        delivery_id,
        billing_period,
        billing_account_id,
        currency,
        usage_date,
        pool,
        sum(credited_amount) as credited_amount
    from credited
    group by delivery_id, billing_period, billing_account_id, currency, usage_date, pool
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
        pools.credited_amount as pool_credited_amount
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
        case
            when coalesce(pool_credited_amount, 0) <= 0 then 0
            when coalesce(pool_committed_amount, 0) <= pool_credited_amount then 1
            else pool_credited_amount / pool_committed_amount
        end as used_share
    from pool_fees
)

select
    credited.delivery_id,
    credited.row_id,
    'used' as coverage,
    coalesce(used_fees.commitment_id, credited.pool) as commitment_id,
    credited.commitment_category,
    credited.credited_share * coalesce(used_fees.fee_cost / nullif(used_fees.pool_fee_cost, 0), 1) as usage_share,
    coalesce(
        used_fees.fee_cost * used_fees.used_share * credited.credited_amount
        / nullif(used_fees.pool_credited_amount, 0), 0
    ) as effective_cost
from credited
left join used_fees
    on credited.delivery_id = used_fees.delivery_id
        and credited.billing_period = used_fees.billing_period
        and credited.billing_account_id = used_fees.billing_account_id
        and credited.currency = used_fees.currency
        and credited.usage_date = used_fees.usage_date
        and credited.pool = used_fees.pool
union all
-- a fee row keeps what its pool left unused; its pool may have other rows of the same commitment
select
    usage_rows.delivery_id,
    usage_rows.row_id,
    'unused' as coverage,
    usage_rows.commitment_id,
    case when usage_rows.commitment_fee = 'resource' then 'Usage' else 'Spend' end as commitment_category,
    1 - used_fees.used_share as usage_share,
    usage_rows.fee_cost * (1 - used_fees.used_share) as effective_cost
from usage_rows
inner join used_fees
    on usage_rows.delivery_id = used_fees.delivery_id
        and usage_rows.billing_period = used_fees.billing_period
        and usage_rows.billing_account_id = used_fees.billing_account_id
        and usage_rows.currency = used_fees.currency
        and usage_rows.usage_date = used_fees.usage_date
        and usage_rows.commitment_id = used_fees.commitment_id
        and usage_rows.fee_pool = used_fees.pool
where used_fees.used_share < 1
