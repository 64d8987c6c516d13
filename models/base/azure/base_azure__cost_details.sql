-- Azure's actual and amortized rows, EA and MCA headers, in the one shape they have before they are mapped to FOCUS.
with cost_details as (
    select
        'azure_actual' as dataset,
        *
    from {{ source('azure', 'azure_actual') }}
    union all
    select
        'azure_amortized' as dataset,
        *
    from {{ source('azure', 'azure_amortized') }}
)

select
    -- provenance
    delivery_id,
    row_id,
    dataset,
    scope,
    {{ month_of(parse_date('BillingPeriodStartDate')) }} as billing_period,

    -- accounts
    coalesce(nullif(BillingProfileId, ''), BillingAccountId) as billing_account_id,
    coalesce(BillingProfileName, BillingAccountName) as billing_account_name,
    case
        when nullif(BillingProfileId, '') is null or BillingProfileId = BillingAccountId then 'Billing Account'
        else 'Billing Profile'
    end as billing_account_type,
    nullif(SubscriptionId, '00000000-0000-0000-0000-000000000000') as subscription_id,
    SubscriptionName as subscription_name,
    coalesce(BillingCurrencyCode, billingCurrency, Currency) as billing_currency,
    coalesce(pricingCurrency, BillingCurrencyCode, billingCurrency, Currency) as pricing_currency,
    invoiceId as invoice_id,
    previousInvoiceId as previous_invoice_id,
    resellerName as reseller_name,

    -- charge
    ChargeType as charge_type,
    Frequency as billing_frequency,
    lower(replace(PricingModel, ' ', '')) as pricing_model,
    coalesce(ProductName, Product, MeterName) as product_name,
    PublisherType as publisher_type,
    PublisherName as publisher_name,
    {{ parse_date('Date') }} as charge_date,
    {{ parse_date('BillingPeriodEndDate') }} as billing_period_last_date,

    -- service and resource
    lower(ConsumedService) as consumed_service,
    MeterCategory as meter_category,
    MeterId as meter_id,
    MeterName as meter_name,
    ProductId as product_id,
    PartNumber as part_number,
    lower(coalesce(ResourceId, instanceId)) as resource_id,
    ResourceName as resource_name,
    lower(coalesce(ResourceLocation, location)) as resource_location,
    nullif(AvailabilityZone, '') as availability_zone,
    case when substring(trim(Tags), 1, 1) = '{' then Tags else {{ concat_texts(["'{'", 'Tags', "'}'"]) }} end as tags,

    -- benefits
    lower(coalesce(nullif(benefitId, ''), nullif(ReservationId, ''))) as benefit_id,
    coalesce(nullif(benefitName, ''), ReservationName) as benefit_name,
    Term as benefit_term,

    -- quantities, prices and costs; MCA prices are in the pricing currency
    trim(UnitOfMeasure) as unit_of_measure,
    cast(Quantity as {{ type_double() }}) as quantity,
    cast(UnitPrice as {{ type_double() }})
    * cast(coalesce(exchangeRatePricingToBilling, exchangeRate, '1') as {{ type_double() }}) as unit_price,
    cast(PayGPrice as {{ type_double() }})
    * cast(coalesce(exchangeRatePricingToBilling, exchangeRate, '1') as {{ type_double() }}) as list_price,
    nullif(cast(coalesce(exchangeRatePricingToBilling, exchangeRate, '1') as {{ type_double() }}), 0) as exchange_rate,
    cast(coalesce(CostInBillingCurrency, Cost, '0') as {{ type_double() }}) as cost
from cost_details
