-- Each version of each rule with the months it holds: from its own effective_from to the next version's. A version
-- without a cost center ends the rule. Everything but an exact tag value is compared in lower case.
with versions as (
    select
        *,
        lead(effective_from) over (partition by rule_id order by effective_from) as effective_to
    from {{ ref('allocation_rules') }}
)

select
    rule_id,
    precedence,
    lower(trim(provider)) as provider,
    lower(trim(billing_account_id)) as billing_account_id,
    lower(trim(sub_account_id)) as sub_account_id,
    lower(trim(service_name)) as service_name,
    lower(trim(region_id)) as region_id,
    lower(trim(resource_pattern)) as resource_pattern,
    lower(trim(tag_key)) as tag_key,
    case when tag_case = 'exact' then trim(tag_value) else lower(trim(tag_value)) end as tag_value,
    coalesce(tag_case, 'any') as tag_case,
    trim(cost_center_id) as cost_center_id,
    effective_from,
    effective_to
from versions
where cost_center_id is not null
