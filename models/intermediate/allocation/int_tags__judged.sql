-- What each resource cost in a month, judged by each key of the tag policy: what can bear tags, no taxes, no credits.
with taggable as (
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
    taggable.*,
    keys.tag_key,
    compliance.given_value,
    case
        when compliance.tags is null then 'missing'
        when compliance.is_allowed = 1 then 'compliant'
        else 'bad_value'
    end as verdict
from taggable
cross join keys
left join {{ ref('int_tags__compliance') }} as compliance
    on taggable.owner_tags = compliance.tags
        and keys.tag_key = compliance.tag_key
