-- The shares of final receivers: a pool that receives passes its part on, over at most three links. The tests refuse
-- longer chains and circles; were one there, its rest would stay in the pool that it had come to, so no money is lost.
with links as (
    select * from {{ ref('int_allocation__links') }}
),

first_links as (
    select
        links.*,
        onward.receiver_id as next_id,
        onward.weight as next_weight
    from links
    left join links as onward
        on links.billing_period = onward.billing_period
            and links.provider = onward.provider
            and links.billing_currency = onward.billing_currency
            and links.receiver_id = onward.pool_id
),

second_links as (
    select
        first_links.billing_period,
        first_links.provider,
        first_links.billing_currency,
        first_links.pool_id,
        coalesce(first_links.next_id, first_links.receiver_id) as receiver_id,
        first_links.weight * coalesce(first_links.next_weight, 1) as weight,
        onward.receiver_id as next_id,
        onward.weight as next_weight
    from first_links
    left join links as onward
        on first_links.billing_period = onward.billing_period
            and first_links.provider = onward.provider
            and first_links.billing_currency = onward.billing_currency
            and first_links.next_id = onward.pool_id
)

select
    billing_period,
    provider,
    billing_currency,
    pool_id,
    coalesce(next_id, receiver_id) as receiver_id,
    sum(weight * coalesce(next_weight, 1)) as weight
from second_links
group by billing_period, provider, billing_currency, pool_id, coalesce(next_id, receiver_id)
