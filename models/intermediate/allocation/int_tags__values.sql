-- The tags that rules and the tag policy ask for, once for each set of tags: spelt as the bill has them, and with the
-- aliases of keys and values put right. A key's own name counts before its aliases.
with tag_sets as (
    select distinct owner_tags as tags
    from {{ ref('int_allocation__combinations') }}
    where owner_tags is not null
),

asked as (
    select lower(trim(tag_key)) as tag_key
    from {{ ref('allocation_rules') }}
    where tag_key is not null
    union all
    select lower(trim(tag_key)) as tag_key
    from {{ ref('tag_policy') }}
),

wanted as (
    select distinct tag_key
    from asked
),

aliases as (
    select
        lower(trim(tag_key)) as tag_key,
        trim(tag_value) as tag_value,
        lower(trim(alias)) as alias
    from {{ ref('tag_aliases') }}
),

spellings as (
    select
        tag_key,
        tag_key as spelling,
        0 as place
    from wanted
    union all
    select
        wanted.tag_key,
        aliases.alias as spelling,
        1 as place
    from wanted
    inner join aliases
        on wanted.tag_key = aliases.tag_key
            and aliases.tag_value is null
),

found as (
    select
        tag_sets.tags,
        spellings.tag_key,
        spellings.spelling,
        spellings.place,
        trim({{ tag_value('tag_sets.tags', 'spellings.spelling') }}) as tag_value
    from tag_sets
    cross join spellings
),

ranked as (
    select
        *,
        row_number() over (partition by tags, tag_key order by place, spelling) as choice
    from found
    where tag_value <> ''
)

select
    ranked.tags,
    ranked.tag_key,
    ranked.tag_value as given_value,
    coalesce(aliases.tag_value, ranked.tag_value) as tag_value
from ranked
left join aliases
    on ranked.tag_key = aliases.tag_key
        and lower(ranked.tag_value) = aliases.alias
        and aliases.tag_value is not null
where ranked.choice = 1
