-- Every combination of attributes that rules meet. What a split row was split to (a pod, a task) bears tags of its own:
-- they count before those of the node that it shares, which fill in the keys that it lacks.
with combinations as (
    select
        provider,
        billing_account_id,
        sub_account_id,
        service_name,
        region_id,
        resource_id,
        resource_type,
        tags,
        allocated_tags,
        case
            when allocated_tags is null then tags
            else {{ tags_as_json(['tags', 'allocated_tags']) }}
        end as owner_tags
    from {{ ref('int_charges__attributed') }}
    group by
        provider, billing_account_id, sub_account_id, service_name, region_id, resource_id, resource_type, tags,
        allocated_tags
)

-- The seed knows which types can bear tags; of others every charge can that has a resource, or does.
select
    row_number() over (
        order by
            combinations.provider, combinations.billing_account_id, combinations.sub_account_id,
            combinations.service_name, combinations.region_id, combinations.resource_id, combinations.resource_type,
            combinations.tags, combinations.allocated_tags
    ) as combination_id,
    combinations.*,
    case
        when listed.is_taggable is not null then listed.is_taggable
        when combinations.owner_tags is not null or combinations.resource_id is not null then 1
        else 0
    end as is_taggable
from combinations
left join {{ ref('taggable_resource_types') }} as listed
    on combinations.provider = listed.provider
        and lower(combinations.resource_type) = lower(listed.resource_type)
