-- The rows of invoices that count, each with its provider and month. The provider is the one that it was landed for,
-- whoever issued the invoice (AWS Marketplace bills in the seller's name); landed as FOCUS, each row names its own.
with landed as (
    select
        invoices.*,
        case
            when deliveries.provider <> 'focus' then deliveries.provider
            else {{ provider_slug('coalesce(ProviderName, ServiceProviderName, InvoiceIssuerName)') }}
        end as provider,
        trim(invoices.BillingAccountId) as billing_account_id,
        trim(coalesce(invoices.BillingPeriodStart, invoices.BillingPeriod)) as period
    from {{ source('invoices', 'invoices') }} as invoices
    inner join {{ source('lake', 'deliveries') }} as deliveries
        on invoices.delivery_id = deliveries.delivery_id
),

dated as (
    select
        landed.*,
        -- a month alone is its first day; fourteen hours on, every time zone's midnight lies in its own month
        {{ month_of(add_to_timestamp('hour', 14, utc_timestamp(
            'case when ' ~ dbt.length('period') ~ ' = 7 then ' ~ concat_texts(['period', "'-01'"]) ~ ' else period end'
        ))) }} as billing_period
    from landed
)

select
    -- whose
    dated.provider,
    dated.billing_account_id,
    trim(dated.InvoiceId) as invoice_id,
    dated.billing_period,
    upper(trim(dated.BillingCurrency)) as billing_currency,

    -- how much
    {{ money('coalesce(dated.InvoicedCost, dated.BilledCost)') }} as invoiced_cost,
    {{ money("case
        when dated.TaxAmount is not null then dated.TaxAmount
        when lower(dated.ChargeCategory) = 'tax' then coalesce(dated.InvoicedCost, dated.BilledCost)
        when dated.ChargeCategory is not null then 0
    end") }} as invoiced_tax_cost,
    -- people write a credit with either sign; in the ledger it takes from the bill
    {{ money("case
        when dated.CreditsAmount is not null then -abs(dated.CreditsAmount)
        when lower(dated.ChargeCategory) = 'credit' then coalesce(dated.InvoicedCost, dated.BilledCost)
        when dated.ChargeCategory is not null then 0
    end") }} as invoiced_credit_cost,

    -- when
    cast({{ utc_timestamp('dated.InvoiceIssueDate') }} as date) as issue_date
from dated
inner join {{ source('lake', 'current_slices') }} as slices
    on dated.delivery_id = slices.delivery_id
        and dated.provider = slices.provider
        and dated.billing_period = slices.billing_period
        and slices.is_current = 1
left join {{ ref('int_deliveries__shadowed') }} as shadowed
    on dated.provider = shadowed.provider
        and shadowed.dataset = 'invoices'
        and dated.scope = shadowed.scope
        and dated.billing_period = shadowed.billing_period
        and dated.billing_account_id = shadowed.billing_account_id
where shadowed.billing_account_id is null
