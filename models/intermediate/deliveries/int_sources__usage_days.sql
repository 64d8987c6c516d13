-- The days on which sources and their accounts have usage, for all that asks until when they have data. Usage alone:
-- taxes, fees and purchases stand on days that say nothing of it.
select
    provider,
    dataset,
    scope,
    billing_account_id,
    sub_account_id,
    billing_currency,
    charge_date,
    {{ money('sum(effective_cost)') }} as effective_cost
from {{ ref('int_charges__summed') }}
where charge_category = 'Usage'
group by
    provider, dataset, scope, billing_account_id, sub_account_id, billing_currency, charge_date
