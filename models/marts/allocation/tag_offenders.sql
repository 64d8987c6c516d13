-- Of each month, key and currency the ten resources that cost most without the tag, or with a value not allowed.
with offenders as (
    select
        billing_period,
        tag_key,
        billing_currency,
        provider,
        sub_account_id,
        service_name,
        resource_id,
        verdict,
        given_value,
        sum(effective_cost) as effective_cost
    from {{ ref('int_tags__judged') }}
    where verdict <> 'compliant'
    group by
        billing_period, tag_key, billing_currency, provider, sub_account_id, service_name, resource_id, verdict,
        given_value
),

ranked as (
    select
        *,
        row_number() over (
            partition by billing_period, tag_key, billing_currency
            order by
                effective_cost desc, provider asc, sub_account_id asc, service_name asc, resource_id asc, verdict asc,
                given_value asc
        ) as place
    from offenders
)

select
    -- keys
    billing_period,
    tag_key,
    billing_currency,
    cast(place as {{ type_integer() }}) as place,

    -- dimensions
    provider,
    sub_account_id,
    service_name,
    resource_id,
    cast(verdict as {{ type_text() }}) as verdict,
    given_value,

    -- measures
    {{ money('effective_cost') }} as effective_cost
from ranked
where place <= 10
