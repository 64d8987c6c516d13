-- Every commitment of the ledger with what bills tell of its terms: a fact told in one month holds for all of them, and
-- of totals that months tell differently the newest counts.
with commitments as (
    select
        provider,
        commitment_discount_id,
        max(billing_account_id) as billing_account_id,
        max(billing_currency) as billing_currency,
        max(commitment_discount_category) as commitment_discount_category,
        max(commitment_discount_type) as commitment_discount_type,
        max(commitment_discount_name) as commitment_discount_name,
        max(commitment_discount_unit) as commitment_discount_unit
    from {{ ref('cost_and_usage') }}
    where commitment_discount_id is not null
    group by provider, commitment_discount_id
),

slices as (
    select * from {{ ref('stg_aws__commitments') }}
    union all
    select * from {{ ref('stg_azure__commitments') }}
    union all
    select * from {{ ref('stg_gcp__commitments') }}
),

terms as (
    select
        provider,
        commitment_discount_id,
        max(term_months) as term_months,
        max(payment_option) as payment_option,
        max(starts_at) as starts_at,
        max(ends_at) as ends_at
    from slices
    group by provider, commitment_discount_id
),

totals as (
    select
        provider,
        commitment_discount_id,
        commitment_cost,
        commitment_quantity,
        row_number() over (
            partition by provider, commitment_discount_id
            order by billing_period desc, delivery_id desc
        ) as recency
    from slices
    where commitment_cost is not null
        or commitment_quantity is not null
)

select
    -- keys
    commitments.provider,
    commitments.commitment_discount_id,
    commitments.billing_account_id,
    commitments.billing_currency,

    -- what it is
    commitments.commitment_discount_category,
    commitments.commitment_discount_type,
    commitments.commitment_discount_name,
    terms.payment_option,
    cast(terms.term_months as {{ type_integer() }}) as term_months,

    -- how much over the whole term
    case when commitments.commitment_discount_category = 'Spend' then totals.commitment_cost end as commitment_cost,
    case when commitments.commitment_discount_category = 'Usage' then totals.commitment_quantity end
        as commitment_quantity,
    commitments.commitment_discount_unit,

    -- when
    terms.starts_at,
    terms.ends_at
from commitments
left join terms
    on commitments.provider = terms.provider
        and commitments.commitment_discount_id = terms.commitment_discount_id
left join totals
    on commitments.provider = totals.provider
        and commitments.commitment_discount_id = totals.commitment_discount_id
        and totals.recency = 1
