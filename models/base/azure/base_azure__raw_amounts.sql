-- What Azure's files say in their own cost, currency, period and account columns, sharing no code with the mapping:
-- the actual file tells what is billed, the amortized file what is effective.
with cost_details as (
    select
        'azure_actual' as dataset,
        scope,
        delivery_id,
        BillingPeriodStartDate as period_start,
        coalesce(nullif(BillingProfileId, ''), BillingAccountId) as billing_account_id,
        coalesce(BillingCurrencyCode, billingCurrency, Currency) as billing_currency,
        coalesce(CostInBillingCurrency, Cost) as cost
    from {{ source('azure', 'azure_actual') }}
    union all
    select
        'azure_amortized' as dataset,
        scope,
        delivery_id,
        BillingPeriodStartDate as period_start,
        coalesce(nullif(BillingProfileId, ''), BillingAccountId) as billing_account_id,
        coalesce(BillingCurrencyCode, billingCurrency, Currency) as billing_currency,
        coalesce(CostInBillingCurrency, Cost) as cost
    from {{ source('azure', 'azure_amortized') }}
)

select
    'azure' as provider,
    dataset,
    scope,
    delivery_id,
    {{ month_of(parse_date('period_start')) }} as billing_period,
    billing_account_id,
    billing_currency,
    0 as has_net_cost,
    case when dataset = 'azure_actual' then 1 else 0 end as has_billed_cost,
    case when dataset = 'azure_amortized' then 1 else 0 end as has_effective_cost,
    cast(cost as {{ type_double() }}) as gross_billed_cost,
    cast(cost as {{ type_double() }}) as net_billed_cost,
    cast(cost as {{ type_double() }}) as gross_effective_cost,
    cast(cost as {{ type_double() }}) as net_effective_cost
from cost_details
