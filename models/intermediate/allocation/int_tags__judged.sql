-- What each resource cost in a month, judged by each key of the tag policy: what can bear tags, no taxes, no credits.
with charges as (
    select
        billing_period,
        provider,
        billing_account_id,
        sub_account_id,
        service_name,
        resource_id,
        owner_tags,
        billing_currency,
        sum(charges) as charges,
        sum(effective_cost) as effective_cost
    from {{ ref('int_allocation__charges') }}
    where is_taggable = 1
        and cost_kind not in ('tax', 'credit')
    group by
        billing_period, provider, billing_account_id, sub_account_id, service_name, resource_id, owner_tags,
        billing_currency
),

keys as (
    select distinct lower(trim(tag_key)) as tag_key
    from {{ ref('tag_policy') }}
)

select
    charges.*,
    keys.tag_key,
    compliance.given_value,
    case
        when compliance.tags is null then 'missing'
        when compliance.is_allowed = 1 then 'compliant'
        else 'bad_value'
    end as verdict
from charges
cross join keys
left join {{ ref('int_tags__compliance') }} as compliance
    on charges.owner_tags = compliance.tags
        and keys.tag_key = compliance.tag_key
