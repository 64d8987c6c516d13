-- A pool that gets its own cost back, or a chain of more than three links. Of a pool that is split by a driver or among
-- all, the receivers are those of the driver; centers with direct cost are never pools.
with named as (
    select
        pool_id,
        receiver_id
    from {{ ref('shared_cost_rules') }}
    where method <> 'keep'
        and receiver_id is not null
    union all
    select
        rules.pool_id,
        drivers.cost_center_id as receiver_id
    from {{ ref('shared_cost_rules') }} as rules
    inner join {{ ref('usage_drivers') }} as drivers
        on rules.driver = drivers.driver
    where rules.method = 'driver'
),

links as (
    select distinct
        pool_id,
        receiver_id
    from named
)

select
    links.pool_id,
    links.receiver_id
from links
where links.pool_id = links.receiver_id
union all
select
    links.pool_id,
    fourth_links.receiver_id
from links
inner join links as second_links
    on links.receiver_id = second_links.pool_id
inner join links as third_links
    on second_links.receiver_id = third_links.pool_id
inner join links as fourth_links
    on third_links.receiver_id = fourth_links.pool_id
