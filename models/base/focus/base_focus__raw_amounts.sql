-- What native FOCUS files say in their own cost, currency, period and account columns: no code of the mapping is here.
select
    {{ provider_slug('coalesce(ProviderName, ServiceProviderName, InvoiceIssuerName)') }} as provider,
    'focus' as dataset,
    scope,
    delivery_id,
    {{ month_of(dbt.dateadd('hour', 14, utc_timestamp('BillingPeriodStart'))) }} as billing_period,
    BillingAccountId as billing_account_id,
    BillingCurrency as billing_currency,
    0 as has_net_cost,
    1 as has_billed_cost,
    case when EffectiveCost is null then 0 else 1 end as has_effective_cost,
    cast(BilledCost as double) as gross_billed_cost,
    cast(BilledCost as double) as net_billed_cost,
    cast(coalesce(EffectiveCost, BilledCost) as double) as gross_effective_cost,
    cast(coalesce(EffectiveCost, BilledCost) as double) as net_effective_cost
from {{ source('focus', 'focus') }}
