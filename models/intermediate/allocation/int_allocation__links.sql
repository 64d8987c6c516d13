-- What share of each pool each receiver gets, in a month, of a provider's cost in one currency. Proportional and even
-- shares without named receivers go to every center with direct cost there that is no pool and known by name; `*` is
-- the pool of what a policy shares. Where no share can be told there is no row, and the cost stays in the pool. Amounts
-- are added up as decimals, whose sum is the same in any order.
with pools as (
    select * from {{ ref('int_allocation__pools') }}
),

bills as (
    select distinct
        billing_period,
        provider,
        billing_currency
    from {{ ref('int_allocation__booked') }}
),

direct as (
    select
        booked.billing_period,
        booked.provider,
        booked.billing_currency,
        booked.cost_center_id,
        sum(booked.cost) as direct_cost
    from {{ ref('int_allocation__booked') }} as booked
    where booked.cost_kind = 'direct'
        and booked.cost_center_id not in ('unallocated', 'untaggable')
    group by booked.billing_period, booked.provider, booked.billing_currency, booked.cost_center_id
    having sum(booked.cost) > 0
),

stated as (
    select
        bills.billing_period,
        bills.provider,
        bills.billing_currency,
        pools.pool_id,
        pools.receiver_id,
        case
            when pools.method = 'fixed' then {{ money('pools.share') }}
            when pools.method = 'even' then {{ money('1') }}
            else {{ money('direct.direct_cost') }}
        end as amount
    from pools
    inner join bills
        on pools.billing_period = bills.billing_period
    left join direct
        on bills.billing_period = direct.billing_period
            and bills.provider = direct.provider
            and bills.billing_currency = direct.billing_currency
            and pools.receiver_id = direct.cost_center_id
    where pools.receiver_id is not null
        and pools.method <> 'driver'
),

pools_of_all as (
    select
        billing_period,
        pool_id,
        method
    from pools
    where receiver_id is null
        and method in ('even', 'proportional')
    union all
    select distinct
        billing_period,
        '*' as pool_id,
        'proportional' as method
    from bills
),

by_direct_cost as (
    select
        direct.billing_period,
        direct.provider,
        direct.billing_currency,
        pools.pool_id,
        direct.cost_center_id as receiver_id,
        case when pools.method = 'even' then {{ money('1') }} else {{ money('direct.direct_cost') }} end as amount
    from direct
    inner join pools_of_all as pools
        on direct.billing_period = pools.billing_period
            and direct.cost_center_id <> pools.pool_id
),

driven as (
    select
        bills.billing_period,
        bills.provider,
        bills.billing_currency,
        pools.pool_id,
        drivers.cost_center_id as receiver_id,
        {{ money('drivers.quantity') }} as amount
    from pools
    inner join bills
        on pools.billing_period = bills.billing_period
    inner join {{ ref('usage_drivers') }} as drivers
        on pools.billing_period = drivers.billing_period
            and pools.driver = drivers.driver
    where pools.method = 'driver'
        and drivers.cost_center_id <> pools.pool_id
),

amounts as (
    select * from stated
    union all
    select * from by_direct_cost
    union all
    select * from driven
),

summed as (
    select
        billing_period,
        provider,
        billing_currency,
        pool_id,
        receiver_id,
        sum(amount) as amount
    from amounts
    where amount > 0
    group by billing_period, provider, billing_currency, pool_id, receiver_id
)

select
    billing_period,
    provider,
    billing_currency,
    pool_id,
    receiver_id,
    cast(amount as {{ type_double() }})
    / cast(
        sum(amount) over (partition by billing_period, provider, billing_currency, pool_id) as {{ type_double() }}
    ) as weight
from summed
