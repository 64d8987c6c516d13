-- Money in = money out, per provider and currency: all that the ledger has but tax.
with series as (
    select
        provider,
        billing_currency,
        sum(effective_cost) as effective_cost
    from {{ ref('cost_series') }}
    group by provider, billing_currency
),

ledger as (
    select
        provider,
        billing_currency,
        sum(effective_cost) as effective_cost
    from {{ ref('cost_and_usage') }}
    where coalesce(charge_category, '') <> 'Tax'
    group by provider, billing_currency
)

select
    ledger.provider,
    ledger.billing_currency
from ledger
left join series
    on ledger.provider = series.provider
        and ledger.billing_currency = series.billing_currency
where series.provider is null
    or abs(ledger.effective_cost - series.effective_cost) > 0.000001
