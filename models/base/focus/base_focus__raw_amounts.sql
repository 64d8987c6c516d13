-- What native FOCUS files say in their own cost, currency, period and account columns: no code of the mapping is here.
with amounts as (
    select
        focus.*,
        {{ provider_slug('coalesce(ProviderName, ServiceProviderName, InvoiceIssuerName)') }} as provider,
        {{ month_of(add_to_timestamp('hour', 14, utc_timestamp('BillingPeriodStart'))) }} as billing_period
    from {{ source('focus', 'focus') }} as focus
)

select
    amounts.provider,
    'focus' as dataset,
    amounts.scope,
    amounts.delivery_id,
    amounts.billing_period,
    BillingAccountId as billing_account_id,
    BillingCurrency as billing_currency,
    0 as has_net_cost,
    1 as has_billed_cost,
    case when EffectiveCost is null then 0 else 1 end as has_effective_cost,
    cast(BilledCost as {{ type_double() }}) as gross_billed_cost,
    cast(BilledCost as {{ type_double() }}) as net_billed_cost,
    cast(coalesce(EffectiveCost, BilledCost) as {{ type_double() }}) as gross_effective_cost,
    cast(coalesce(EffectiveCost, BilledCost) as {{ type_double() }}) as net_effective_cost
from amounts
left join {{ ref('int_deliveries__superseded_exports') }} as superseded
    on amounts.delivery_id = superseded.delivery_id
        and amounts.provider = 'gcp'
        and amounts.billing_period = superseded.billing_period
        and {{ utc_timestamp('amounts.x_ExportTime') }}
        between superseded.export_time_from and superseded.export_time_to
where superseded.delivery_id is null
