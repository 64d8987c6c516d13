-- Who owns a combination of attributes in a month: of the rules in force that it meets, the one of lowest precedence.
-- Precedence belongs to one rule alone, so no order of rows can matter.
with held as (
    select distinct
        combinations.combination_id,
        charges.billing_period
    from {{ ref('int_charges__attributed') }} as charges
    inner join {{ ref('int_allocation__combinations') }} as combinations
        on {{ same_attributes('charges', 'combinations') }}
),

first_rules as (
    select
        held.combination_id,
        held.billing_period,
        min(matches.precedence) as precedence,
        count(*) as matching_rules
    from held
    inner join {{ ref('int_allocation__matches') }} as matches
        on held.combination_id = matches.combination_id
            and held.billing_period >= matches.effective_from
            and (matches.effective_to is null or held.billing_period < matches.effective_to)
    group by held.combination_id, held.billing_period
),

rules as (
    select
        rule_id,
        precedence,
        cost_center_id,
        effective_from,
        effective_to
    from {{ ref('int_allocation__rules') }}
)

select
    combinations.*,
    held.billing_period,
    rules.rule_id,
    coalesce(first_rules.matching_rules, 0) as matching_rules,
    coalesce(
        rules.cost_center_id, case when combinations.is_taggable = 1 then 'unallocated' else 'untaggable' end
    ) as cost_center_id
from held
inner join {{ ref('int_allocation__combinations') }} as combinations
    on held.combination_id = combinations.combination_id
left join first_rules
    on held.combination_id = first_rules.combination_id
        and held.billing_period = first_rules.billing_period
left join rules
    on first_rules.precedence = rules.precedence
        and held.billing_period >= rules.effective_from
        and (rules.effective_to is null or held.billing_period < rules.effective_to)
