-- A center below itself, or below more than six levels: its cost would be in no sum or in some twice.
with versions as (
    select
        *,
        lead(effective_from) over (partition by cost_center_id order by effective_from) as effective_to
    from {{ ref('cost_centers') }}
),

days as (
    select distinct effective_from as as_of_date
    from {{ ref('cost_centers') }}
),

centers as (
    select
        days.as_of_date,
        versions.cost_center_id,
        versions.parent_id
    from days
    inner join versions
        on days.as_of_date >= versions.effective_from
            and (versions.effective_to is null or days.as_of_date < versions.effective_to)
)

select
    centers.as_of_date,
    centers.cost_center_id
from centers
inner join centers as one_up
    on centers.as_of_date = one_up.as_of_date and centers.parent_id = one_up.cost_center_id
inner join centers as two_up
    on centers.as_of_date = two_up.as_of_date and one_up.parent_id = two_up.cost_center_id
inner join centers as three_up
    on centers.as_of_date = three_up.as_of_date and two_up.parent_id = three_up.cost_center_id
inner join centers as four_up
    on centers.as_of_date = four_up.as_of_date and three_up.parent_id = four_up.cost_center_id
inner join centers as five_up
    on centers.as_of_date = five_up.as_of_date and four_up.parent_id = five_up.cost_center_id
inner join centers as six_up
    on centers.as_of_date = six_up.as_of_date and five_up.parent_id = six_up.cost_center_id
where six_up.parent_id is not null
