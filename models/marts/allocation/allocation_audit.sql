-- What each rule took, what a second rule would have taken had the first not been there, and rules that took nothing.
with owned as (
    select
        combination_id,
        billing_period,
        provider,
        rule_id,
        owner_id,
        billing_currency,
        sum(charges) as charges,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from {{ ref('int_allocation__charges') }}
    group by combination_id, billing_period, provider, rule_id, owner_id, billing_currency
),

matches as (
    select * from {{ ref('int_allocation__matches') }}
),

takers as (
    select distinct rule_id
    from owned
),

findings as (
    select
        'took' as finding,
        rule_id,
        cast(null as {{ type_text() }}) as other_rule_id,
        owner_id as cost_center_id,
        billing_period,
        provider,
        billing_currency,
        charges,
        billed_cost,
        effective_cost
    from owned
    union all
    select
        'overlap' as finding,
        owned.rule_id,
        matches.rule_id as other_rule_id,
        matches.cost_center_id,
        owned.billing_period,
        owned.provider,
        owned.billing_currency,
        owned.charges,
        owned.billed_cost,
        owned.effective_cost
    from owned
    inner join matches
        on owned.combination_id = matches.combination_id
            and owned.billing_period >= matches.effective_from
            and (matches.effective_to is null or owned.billing_period < matches.effective_to)
            and owned.rule_id <> matches.rule_id
    union all
    select
        case when max(matches.rule_id) is null then 'matches_nothing' else 'always_overruled' end as finding,
        rules.rule_id,
        cast(null as {{ type_text() }}) as other_rule_id,
        max(rules.cost_center_id) as cost_center_id,
        cast(null as date) as billing_period,
        cast(null as {{ type_text() }}) as provider,
        cast(null as {{ type_text() }}) as billing_currency,
        0 as charges,
        {{ money('0') }} as billed_cost,
        {{ money('0') }} as effective_cost
    from {{ ref('int_allocation__rules') }} as rules
    left join matches
        on rules.rule_id = matches.rule_id
    left join takers
        on rules.rule_id = takers.rule_id
    where takers.rule_id is null
    group by rules.rule_id
)

select
    -- keys
    cast(finding as {{ type_text() }}) as finding,
    rule_id,
    other_rule_id,
    cost_center_id,
    billing_period,
    provider,
    billing_currency,

    -- measures
    cast(sum(charges) as {{ type_bigint() }}) as charges,
    {{ money('sum(billed_cost)') }} as billed_cost,
    {{ money('sum(effective_cost)') }} as effective_cost
from findings
group by finding, rule_id, other_rule_id, cost_center_id, billing_period, provider, billing_currency
