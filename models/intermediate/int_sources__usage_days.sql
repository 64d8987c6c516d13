-- The one scan of the ledger for all that asks until when a source and its accounts have data. Usage alone: taxes, fees
-- and purchases stand on days that say nothing of it.
select
    provider,
    dataset,
    scope,
    billing_account_id,
    sub_account_id,
    billing_currency,
    cast(charge_period_start as date) as charge_date,
    {{ money('sum(effective_cost)') }} as effective_cost
from {{ ref('cost_and_usage') }}
where charge_category = 'Usage'
group by
    provider, dataset, scope, billing_account_id, sub_account_id, billing_currency, cast(charge_period_start as date)
