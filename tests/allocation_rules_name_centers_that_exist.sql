-- A rule that gives cost to a center before the center begins.
with centers as (
    select
        cost_center_id,
        min(effective_from) as effective_from
    from {{ ref('cost_centers') }}
    group by cost_center_id
)

select
    rules.rule_id,
    rules.effective_from
from {{ ref('allocation_rules') }} as rules
inner join centers
    on rules.cost_center_id = centers.cost_center_id
where rules.effective_from < centers.effective_from
