{% test commitment_balances(model, tolerance=0.01) %}
{#-
    Fails on each commitment and billing period whose used and unused effective cost differs from the fee billed for it
    by more than tolerance x the fee. Only commitments without a one-time payment are held to it: an upfront fee covers a
    whole term, of which the ledger may hold any part.
-#}
with

upfront as (

    select distinct
        provider,
        commitment_discount_id
    from {{ model }}
    where
        charge_category = 'Purchase'
        and charge_frequency = 'One-Time'
        and commitment_discount_id is not null

),

balances as (

    select
        provider,
        billing_period,
        commitment_discount_id,
        billing_currency,
        sum(case when charge_category = 'Purchase' then billed_cost else 0 end) as fee_cost,
        sum(case when charge_category = 'Usage' then effective_cost else 0 end) as used_cost
    from {{ model }}
    where
        commitment_discount_id is not null
        and effective_basis = 'amortized'
    group by
        provider,
        billing_period,
        commitment_discount_id,
        billing_currency

)

select
    balances.provider,
    balances.billing_period,
    balances.commitment_discount_id,
    balances.billing_currency,
    balances.fee_cost,
    balances.used_cost
from balances
left join upfront
    on balances.provider = upfront.provider
    and balances.commitment_discount_id = upfront.commitment_discount_id
where
    upfront.commitment_discount_id is null
    and balances.fee_cost > 0
    and abs(balances.fee_cost - balances.used_cost) > {{ tolerance }} * balances.fee_cost
{% endtest %}
