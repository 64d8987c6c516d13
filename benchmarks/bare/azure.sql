-- The limit on an EA pair in CSV: the ledger's columns from the files in one pass, knowing what the warehouse must find
-- out (one header, US dates, no zones, tags without braces, no net of exchange, every service by its namespace and type).
with services as (
    select consumed_service, resource_type, service_name, service_category, service_subcategory
    from read_csv('seeds/azure_services.csv', header = true, all_varchar = true)
),

meters as (
    select meter_category, service_name, service_category, service_subcategory
    from read_csv('seeds/azure_meter_services.csv', header = true, all_varchar = true)
),

units as (
    select lower(trim(unit_of_measure)) as unit_of_measure, cast(block_size as double) as block_size, distinct_unit
    from read_csv('seeds/azure_units.csv', header = true, all_varchar = true)
),

regions as (
    select source_region, region_id, region_name
    from read_csv('seeds/regions.csv', header = true, all_varchar = true)
    where provider = 'azure'
),

described as (
    select
        regexp_extract(filename, 'delivery=([^/]+)/', 1) as delivery_id,
        if(contains(filename, '/azure_actual/'), 'azure_actual', 'azure_amortized') as dataset,
        "BillingProfileId" as account,
        "BillingProfileName" as account_name,
        "SubscriptionId" as subscription,
        "SubscriptionName" as subscription_name,
        "BillingCurrencyCode" as currency,
        "ChargeType" as charge_type,
        "Frequency" as frequency,
        "PricingModel" as pricing_model,
        "ProductName" as product,
        "PublisherType" as publisher_type,
        "PublisherName" as publisher,
        cast(strptime("Date", '%m/%d/%Y') as date) as charge_date,
        cast(strptime("BillingPeriodStartDate", '%m/%d/%Y') as date) as billing_period,
        lower("ConsumedService") as consumed_service,
        "MeterCategory" as meter_category,
        "MeterId" as meter,
        "MeterName" as meter_name,
        "PartNumber" as part,
        lower("ResourceId") as resource,
        nullif(regexp_extract(lower("ResourceId"), '.*/providers/([^/]+/[^/]+)', 1), '') as resource_type,
        "ResourceName" as resource_name,
        lower("ResourceLocation") as place,
        replace(concat('{', "Tags", '}'), '": "', '":"') as tags,
        lower("benefitId") as benefit,
        "benefitName" as benefit_name,
        "UnitOfMeasure" as unit,
        cast("Quantity" as double) as quantity,
        cast("UnitPrice" as double) as price,
        cast("PayGPrice" as double) as list_price,
        cast("CostInBillingCurrency" as double) as cost,
        case
            when "ChargeType" in ('UnusedReservation', 'UnusedSavingsPlan') then 'unused'
            when "benefitId" is null then 'plain'
            when "ChargeType" = 'Usage' then 'covered'
            else 'benefit'
        end as role
    from read_csv(
        getvariable('files'), header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', filename = true
    )
),

costed as (
    select
        *,
        if(role in ('covered', 'unused'), 0, cost) as billed,
        if(role = 'benefit', 0, cost) as effective,
        case
            when role = 'unused' then 0
            when charge_type in ('Usage', 'Refund') and price <> 0 then price * quantity
            when role = 'covered' then cost
            else cost
        end as contracted,
        case
            when charge_type in ('Usage', 'UnusedReservation', 'UnusedSavingsPlan', 'Refund') then 'Usage'
            when charge_type = 'Purchase' then 'Purchase'
            else 'Adjustment'
        end as category,
        if(publisher_type = 'Marketplace', publisher, 'Microsoft') as seller,
        case
            when contains(benefit, 'microsoft.billingbenefits') then 'Savings Plan'
            when benefit is not null then 'Reservation'
        end as commitment_type,
        coalesce(part, meter, benefit_name, product) as sku,
        if(role in ('unused', 'benefit'), benefit, resource) as charged_resource
    from described
    where if(dataset = 'azure_actual', role <> 'covered', role in ('covered', 'unused'))
),

listed as (
    select
        *,
        if(charge_type in ('Usage', 'Refund') and list_price <> 0, list_price * quantity, contracted) as list,
        if(category in ('Usage', 'Purchase'), quantity, null) as pricing_quantity
    from costed
)

select
    concat(listed.delivery_id, '-', uuidv7()) as row_key,
    'azure' as provider,
    billing_period,
    dataset,
    'benchmark' as scope,
    delivery_id,
    'amortized' as effective_basis,
    case
        when category = 'Adjustment' or role in ('benefit', 'unused') then null
        when charge_type in ('Usage', 'Refund') and list_price <> 0 then 'stated'
        else 'assumed'
    end as list_basis,
    case
        when category = 'Adjustment' or role in ('benefit', 'unused') then null
        when role = 'covered' and price = 0 then 'assumed'
        else 'stated'
    end as contracted_basis,
    account as billing_account_id,
    account_name as billing_account_name,
    'Billing Account' as billing_account_type,
    subscription as sub_account_id,
    subscription_name as sub_account_name,
    if(subscription is not null, 'Subscription', null) as sub_account_type,
    currency as billing_currency,
    cast(null as varchar) as invoice_id,
    cast(null as varchar) as invoice_detail_id,
    'Microsoft' as invoice_issuer_name,
    'Microsoft' as provider_name,
    seller as publisher_name,
    seller as service_provider_name,
    'Microsoft' as host_provider_name,
    category as charge_category,
    if(charge_type = 'Refund' and charge_date < billing_period, 'Correction', null) as charge_class,
    product as charge_description,
    case when category = 'Usage' then 'Usage-Based' when frequency = 'Recurring' then 'Recurring' else 'One-Time' end
        as charge_frequency,
    coalesce(
        services.service_name, meters.service_name, nullif(listed.meter_category, 'Unassigned'),
        if(publisher_type = 'Marketplace', seller, null), 'Microsoft Azure'
    ) as service_name,
    coalesce(services.service_category, meters.service_category, 'Other') as service_category,
    coalesce(services.service_subcategory, meters.service_subcategory, 'Other (Other)') as service_subcategory,
    sku as sku_id,
    coalesce(meter_name, product) as sku_meter,
    if(category in ('Usage', 'Purchase'), sku, null) as sku_price_id,
    cast(null as varchar) as sku_price_details,
    charged_resource as resource_id,
    if(charged_resource = resource, resource_name, null) as resource_name,
    case
        when charged_resource is null then null
        when charged_resource = resource then coalesce(listed.resource_type, 'Resource')
        else commitment_type
    end as resource_type,
    coalesce(regions.region_id, replace(place, ' ', '')) as region_id,
    coalesce(regions.region_name, place) as region_name,
    cast(null as varchar) as availability_zone,
    nullif(tags, '{}') as tags,
    benefit as commitment_discount_id,
    case commitment_type when 'Savings Plan' then 'Spend' when 'Reservation' then 'Usage' end as commitment_discount_category,
    commitment_type as commitment_discount_type,
    benefit_name as commitment_discount_name,
    case when benefit is null or category <> 'Usage' then null when role = 'unused' then 'Unused' else 'Used' end
        as commitment_discount_status,
    case commitment_type when 'Savings Plan' then cost when 'Reservation' then quantity * coalesce(units.block_size, 1) end
        as commitment_discount_quantity,
    case commitment_type when 'Savings Plan' then currency when 'Reservation' then 'Hours' end as commitment_discount_unit,
    cast(null as varchar) as commitment_program_eligibility_details,
    cast(null as varchar) as contract_applied,
    cast(null as varchar) as capacity_reservation_id,
    cast(null as varchar) as capacity_reservation_status,
    cast(null as varchar) as allocated_method_id,
    cast(null as varchar) as allocated_method_details,
    cast(null as varchar) as allocated_resource_id,
    cast(null as varchar) as allocated_resource_name,
    cast(null as varchar) as allocated_tags,
    case
        when category = 'Adjustment' then null
        when role in ('covered', 'unused') then 'Committed'
        when pricing_model = 'Spot' then 'Dynamic'
        else 'Standard'
    end as pricing_category,
    pricing_quantity,
    if(pricing_quantity is not null, unit, null) as pricing_unit,
    if(category = 'Usage' and role <> 'unused', quantity * coalesce(units.block_size, 1), null) as consumed_quantity,
    if(category = 'Usage' and role <> 'unused', coalesce(units.distinct_unit, unit), null) as consumed_unit,
    if(pricing_quantity <> 0 and list / pricing_quantity >= 0, list / pricing_quantity, null) as list_unit_price,
    if(pricing_quantity <> 0 and contracted / pricing_quantity >= 0, contracted / pricing_quantity, null)
        as contracted_unit_price,
    currency as pricing_currency,
    if(pricing_quantity <> 0 and list / pricing_quantity >= 0, list / pricing_quantity, null)
        as pricing_currency_list_unit_price,
    if(pricing_quantity <> 0 and contracted / pricing_quantity >= 0, contracted / pricing_quantity, null)
        as pricing_currency_contracted_unit_price,
    cast(billed as decimal(38, 12)) as billed_cost,
    cast(effective as decimal(38, 12)) as effective_cost,
    cast(list as decimal(38, 12)) as list_cost,
    cast(contracted as decimal(38, 12)) as contracted_cost,
    cast(effective as decimal(38, 12)) as pricing_currency_effective_cost,
    cast(billing_period as timestamp) as billing_period_start,
    billing_period + interval 1 month as billing_period_end,
    cast(charge_date as timestamp) as charge_period_start,
    charge_date + interval 1 day as charge_period_end
from listed
left join services on listed.consumed_service = services.consumed_service and listed.resource_type = services.resource_type
left join meters on lower(listed.meter_category) = meters.meter_category
left join units on lower(listed.unit) = units.unit_of_measure
left join regions on listed.place = regions.source_region
