-- Every rule that a combination of attributes meets, whichever of them wins. Rules are looked up by what they ask for:
-- a tag, else a sub account; only rules with neither meet every combination.
with rules as (
    select * from {{ ref('int_allocation__rules') }}
),

combinations as (
    select
        combination_id,
        provider,
        billing_account_id,
        sub_account_id,
        service_name,
        region_id,
        resource_id,
        owner_tags
    from {{ ref('int_allocation__combinations') }}
),

by_tag as (
    select
        combinations.combination_id,
        rules.rule_id,
        rules.effective_from
    from rules
    inner join {{ ref('int_tags__values') }} as tag_values
        on rules.tag_key = tag_values.tag_key
            and (
                rules.tag_value is null
                or rules.tag_value
                = case when rules.tag_case = 'exact' then tag_values.tag_value else lower(tag_values.tag_value) end
            )
    inner join combinations
        on tag_values.tags = combinations.owner_tags
    where {{ rule_applies('combinations', 'rules') }}
),

by_account as (
    select
        combinations.combination_id,
        rules.rule_id,
        rules.effective_from
    from rules
    inner join combinations
        on rules.sub_account_id = lower(combinations.sub_account_id)
    where rules.tag_key is null
        and {{ rule_applies('combinations', 'rules') }}
),

by_the_rest as (
    select
        combinations.combination_id,
        rules.rule_id,
        rules.effective_from
    from rules
    cross join combinations
    where rules.tag_key is null
        and rules.sub_account_id is null
        and {{ rule_applies('combinations', 'rules') }}
),

matches as (
    select * from by_tag
    union all
    select * from by_account
    union all
    select * from by_the_rest
)

select
    matches.combination_id,
    matches.rule_id,
    matches.effective_from,
    rules.effective_to,
    rules.precedence,
    rules.cost_center_id
from matches
inner join rules
    on matches.rule_id = rules.rule_id
        and matches.effective_from = rules.effective_from
