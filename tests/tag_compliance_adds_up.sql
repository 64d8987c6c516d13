-- What is compliant, missing and bad is all that can bear tags; and no key knows of more of it than another.
with totals as (
    select
        billing_period,
        provider,
        billing_currency,
        tag_key,
        sum(taggable_cost) as taggable_cost,
        sum(taggable_cost - compliant_cost - missing_cost - bad_value_cost) as rest_cost
    from {{ ref('tag_compliance') }}
    group by billing_period, provider, billing_currency, tag_key
)

select
    billing_period,
    provider,
    billing_currency
from totals
group by billing_period, provider, billing_currency
having max(abs(rest_cost)) > 0.000001
    or max(taggable_cost) - min(taggable_cost) > 0.000001
