-- Each center in each month with itself and all above it, up to six levels: whose sums it is part of.
with centers as (
    select
        billing_period,
        cost_center_id,
        parent_id
    from {{ ref('int_cost_centers__monthly') }}
),

chains as (
    select
        centers.billing_period,
        centers.cost_center_id,
        centers.parent_id as ancestor_1,
        one_up.parent_id as ancestor_2,
        two_up.parent_id as ancestor_3,
        three_up.parent_id as ancestor_4,
        four_up.parent_id as ancestor_5,
        five_up.parent_id as ancestor_6
    from centers
    left join centers as one_up
        on centers.billing_period = one_up.billing_period and centers.parent_id = one_up.cost_center_id
    left join centers as two_up
        on centers.billing_period = two_up.billing_period and one_up.parent_id = two_up.cost_center_id
    left join centers as three_up
        on centers.billing_period = three_up.billing_period and two_up.parent_id = three_up.cost_center_id
    left join centers as four_up
        on centers.billing_period = four_up.billing_period and three_up.parent_id = four_up.cost_center_id
    left join centers as five_up
        on centers.billing_period = five_up.billing_period and four_up.parent_id = five_up.cost_center_id
),

ancestors as (
    select
        billing_period,
        cost_center_id,
        cost_center_id as ancestor_id,
        0 as distance
    from chains
    union all
    select
        billing_period,
        cost_center_id,
        ancestor_1 as ancestor_id,
        1 as distance
    from chains
    union all
    select
        billing_period,
        cost_center_id,
        ancestor_2 as ancestor_id,
        2 as distance
    from chains
    union all
    select
        billing_period,
        cost_center_id,
        ancestor_3 as ancestor_id,
        3 as distance
    from chains
    union all
    select
        billing_period,
        cost_center_id,
        ancestor_4 as ancestor_id,
        4 as distance
    from chains
    union all
    select
        billing_period,
        cost_center_id,
        ancestor_5 as ancestor_id,
        5 as distance
    from chains
    union all
    select
        billing_period,
        cost_center_id,
        ancestor_6 as ancestor_id,
        6 as distance
    from chains
)

select
    billing_period,
    cost_center_id,
    ancestor_id,
    distance
from ancestors
where ancestor_id is not null
