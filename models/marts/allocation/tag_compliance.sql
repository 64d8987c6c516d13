select
    -- keys
    billing_period,
    provider,
    billing_account_id,
    sub_account_id,
    service_name,
    tag_key,
    billing_currency,

    -- measures
    {{ money('sum(effective_cost)') }} as taggable_cost,
    {{ money("sum(case when verdict = 'compliant' then effective_cost else 0 end)") }} as compliant_cost,
    {{ money("sum(case when verdict = 'missing' then effective_cost else 0 end)") }} as missing_cost,
    {{ money("sum(case when verdict = 'bad_value' then effective_cost else 0 end)") }} as bad_value_cost,
    cast(sum(charges) as {{ type_bigint() }}) as taggable_charges,
    cast(sum(case when verdict = 'compliant' then charges else 0 end) as {{ type_bigint() }}) as compliant_charges
from {{ ref('int_tags__judged') }}
group by billing_period, provider, billing_account_id, sub_account_id, service_name, tag_key, billing_currency
