-- What is done in each month with the waste and the benefit of commitments, with credits and with taxes. A row of the
-- seeds that names the provider counts before one for all; where none holds, what a bill charges stays with its owner.
with places as (
    select distinct
        billing_period,
        provider
    from {{ ref('int_charges__attributed') }}
),

policies as (
    select
        'commitment_waste' as cost_kind,
        provider,
        waste as policy,
        payer_id,
        benefit,
        effective_from
    from {{ ref('commitment_policy') }}
    union all
    select
        lower(charge_category) as cost_kind,
        provider,
        policy,
        payer_id,
        cast(null as {{ type_text() }}) as benefit,
        effective_from
    from {{ ref('credit_and_tax_policy') }}
),

ranked as (
    select
        places.billing_period,
        places.provider,
        policies.cost_kind,
        policies.policy,
        policies.payer_id,
        policies.benefit,
        row_number() over (
            partition by places.billing_period, places.provider, policies.cost_kind
            order by case when policies.provider is null then 1 else 0 end, policies.effective_from desc
        ) as place
    from places
    inner join policies
        on places.billing_period >= policies.effective_from
            and (policies.provider is null or places.provider = lower(policies.provider))
)

select
    billing_period,
    provider,
    cost_kind,
    policy,
    payer_id,
    benefit
from ranked
where place = 1
