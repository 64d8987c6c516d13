-- Money in = money out, per provider and currency.
with marts as (
    select
        provider,
        billing_currency,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from {{ ref('daily_cost') }}
    group by provider, billing_currency
),

ledger as (
    select
        provider,
        billing_currency,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from {{ ref('cost_and_usage') }}
    group by provider, billing_currency
)

select
    ledger.provider,
    ledger.billing_currency
from ledger
left join marts
    on ledger.provider = marts.provider
        and ledger.billing_currency = marts.billing_currency
where marts.provider is null
    or abs(ledger.billed_cost - marts.billed_cost) > 0.000001
    or abs(ledger.effective_cost - marts.effective_cost) > 0.000001
