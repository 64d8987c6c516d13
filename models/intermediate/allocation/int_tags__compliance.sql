-- Whether each set of tags meets the policy, key by key: a key without rows of values may hold any.
with policy as (
    select
        lower(trim(tag_key)) as tag_key,
        case when tag_case = 'exact' then trim(allowed_value) else lower(trim(allowed_value)) end as allowed_value,
        coalesce(tag_case, 'any') as tag_case
    from {{ ref('tag_policy') }}
)

select
    tag_values.tags,
    tag_values.tag_key,
    max(tag_values.given_value) as given_value,
    max(
        case
            when policy.allowed_value is null then 1
            when policy.tag_case = 'exact'
                then {{ matches_pattern('tag_values.given_value', 'policy.allowed_value') }}
            else {{ matches_pattern('lower(tag_values.given_value)', 'policy.allowed_value') }}
        end
    ) as is_allowed
from {{ ref('int_tags__values') }} as tag_values
inner join policy
    on tag_values.tag_key = policy.tag_key
group by tag_values.tags, tag_values.tag_key
