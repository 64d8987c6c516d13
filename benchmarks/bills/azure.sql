-- Rows `first` to `last` of a month of an EA cost details export, on one `basis`: actual or amortized. A row's number
-- decides everything in it, in blocks of a hundred: 72 of on-demand usage, 12 covered by a savings plan, 13 by a
-- reservation, one of the marketplace, one that is a purchase, a refund or rounding, and one unused share of a benefit.
-- Covered usage costs nothing in the actual file; purchases of benefits stand there alone, unused shares in the other.
with numbers as (
    select
        n,
        n % 100 as slot,
        n // 90 as resource,
        n % 40 as account,
        hash(n // 90) % 12 as product,
        date_add(getvariable('month'), to_days(cast(n % 30 as int))) as day,
        round((hash(n) % 1000000) / 100000, 6) as price,
        1 + n % 24 as quantity
    from range(getvariable('first'), getvariable('last')) as numbers (n)
),

products as (
    select
        range as product,
        ['Virtual Machines', 'Storage', 'SQL Database', 'Azure App Service', 'Virtual Network', 'Azure Kubernetes Service',
            'Azure Cosmos DB', 'Key Vault', 'Azure Monitor', 'Load Balancer', 'Event Hubs', 'Functions'][1 + range] as category,
        ['Microsoft.Compute', 'Microsoft.Storage', 'Microsoft.Sql', 'Microsoft.Web', 'Microsoft.Network',
            'Microsoft.ContainerService', 'Microsoft.DocumentDB', 'Microsoft.KeyVault', 'microsoft.insights',
            'Microsoft.Network', 'Microsoft.EventHub', 'Microsoft.Web'][1 + range] as service,
        ['virtualMachines', 'storageAccounts', 'servers', 'serverFarms', 'publicIPAddresses', 'managedClusters',
            'databaseAccounts', 'vaults', 'components', 'loadBalancers', 'namespaces', 'sites'][1 + range] as kind,
        ['1 Hour', '100 GB/Month', '1 GB/Month', '1 Hour', '1 GB', '1 Hour', '1 Hour', '10K', '1 GB', '1 Hour', '1M',
            '1 GB Second'][1 + range] as unit,
        ['westeurope', 'EU North', 'eastus', 'SoutheastAsia'][1 + range % 4] as place
    from range(12)
),

kinds as (
    select
        numbers.*,
        products.* exclude (product),
        case
            when slot < 98 then 'usage'
            when slot = 99 then 'unused'
            else ['reservation', 'plan', 'refund', 'rounding', 'seller'][1 + (n // 100) % 5]
        end as kind_of_charge,
        case
            when slot between 84 and 96 or (slot = 99 and n // 100 % 2 = 0) or (slot = 98 and (n // 100) % 5 = 0)
                then 'reservation'
            when slot between 72 and 83 or slot = 99 or (slot = 98 and (n // 100) % 5 = 1) then 'plan'
        end as benefit,
        if(slot = 97 or (slot = 98 and (n // 100) % 5 = 4), 1, 0) as is_sold,
        md5(cast(hash(n) % 2000 as varchar)) as meter
    from numbers
    inner join products on numbers.product = products.product
    where getvariable('basis') = if(slot = 99, 'amortized', getvariable('basis'))
        and getvariable('basis') = if(slot = 98 and (n // 100) % 5 < 2, 'actual', getvariable('basis'))
),

costed as (
    select
        *,
        if(kind_of_charge = 'refund', -1, 1) * quantity as blocks,
        case
            when kind_of_charge = 'rounding' then 0.0042
            when kind_of_charge = 'usage' and benefit is not null
                then if(getvariable('basis') = 'actual', 0, round(quantity * price * if(benefit = 'plan', 0.7, 0.6), 6))
            else round(if(kind_of_charge = 'refund', -1, 1) * quantity * price, 6)
        end as cost
    from kinds
)

select
    concat('department-', account % 8) as "InvoiceSectionName",
    concat('account-', account % 8) as "AccountName",
    concat('owner-', account % 8, '@example.com') as "AccountOwnerId",
    cast(310000 + account % 8 as varchar) as "AccountId",
    concat('CC-', account % 12) as "CostCenter",
    if(slot >= 98 and kind_of_charge <> 'seller', null, concat('5a000000-0000-4000-8000-', 100000000000 + account)) as "SubscriptionId",
    if(slot >= 98 and kind_of_charge <> 'seller', null, concat('subscription-', account)) as "SubscriptionName",
    if(slot < 97, concat('rg-', resource % 300), null) as "ResourceGroup",
    if(slot < 97, place, null) as "ResourceLocation",
    if(slot < 97, lower(replace(place, ' ', '')), null) as "ResourceLocationNormalized",
    strftime(day, '%m/%d/%Y') as "Date",
    case
        when kind_of_charge in ('reservation', 'plan') then concat('benefit-', n % 50)
        when kind_of_charge = 'rounding' then 'Rounding adjustment'
        else concat(category, ' - ', left(meter, 4), ' - ', place)
    end as "ProductName",
    if(slot < 97 or kind_of_charge in ('refund', 'unused'), category, 'Unassigned') as "MeterCategory",
    if(slot < 97, concat(category, ' Series'), null) as "MeterSubCategory",
    if(slot < 98 or kind_of_charge = 'refund', meter, null) as "MeterId",
    if(slot < 98 or kind_of_charge = 'refund', concat('D', hash(n) % 64, 's v5'), null) as "MeterName",
    if(slot < 97, place, null) as "MeterRegion",
    if(slot < 98 or kind_of_charge = 'refund', unit, '1 Hour') as "UnitOfMeasure",
    blocks as "Quantity",
    round(cost / blocks, 12) as "EffectivePrice",
    cost as "CostInBillingCurrency",
    if(slot < 97 or kind_of_charge in ('refund', 'unused'), service, null) as "ConsumedService",
    case
        when slot < 97 then concat(
            '/subscriptions/5a000000-0000-4000-8000-', 100000000000 + account, '/resourceGroups/rg-', resource % 300,
            '/providers/', service, '/', kind, '/', left(md5(cast(resource as varchar)), 12)
        )
    end as "ResourceId",
    if(slot < 97, left(md5(cast(resource as varchar)), 12), null) as "ResourceName",
    case
        when slot < 97 and n % 5 <> 0 then concat(
            '"team": "team-', account, '","env": "', ['prod', 'staging', 'dev'][1 + resource % 3], '","app": "app-',
            resource % 300, '","cost_center": "cc-', account % 12, '"'
        )
    end as "Tags",
    'MS-AZR-0017P' as "OfferId",
    if(product = 0 and slot < 97, '{"UsageType":"ComputeHR","ImageType":"Canonical","ServiceType":"Standard_D4s_v5","VCPUs":4}', null)
        as "AdditionalInfo",
    if(benefit = 'reservation', concat('7e000000-0000-4000-8000-', 100000000000 + n % 50), null) as "ReservationId",
    if(benefit = 'reservation', concat('benefit-', n % 50), null) as "ReservationName",
    if(is_sold = 1 or kind_of_charge = 'rounding', 0, price) as "UnitPrice",
    if(is_sold = 1 or benefit = 'reservation' or kind_of_charge = 'rounding', 0, round(price * 1.3, 6)) as "PayGPrice",
    if(benefit is not null, concat('7f000000-0000-4000-8000-', 100000000000 + n % 50), null) as "ProductOrderId",
    if(benefit is not null, concat('benefit-', n % 50), null) as "ProductOrderName",
    if(benefit is not null, '12', null) as "Term",
    if(is_sold = 1, 'Marketplace', 'Azure') as "PublisherType",
    if(is_sold = 1, 'Seller AS', 'Microsoft') as "PublisherName",
    case
        when kind_of_charge = 'usage' then 'Usage'
        when kind_of_charge = 'unused' then if(benefit = 'plan', 'UnusedSavingsPlan', 'UnusedReservation')
        when kind_of_charge = 'refund' then 'Refund'
        when kind_of_charge = 'rounding' then 'RoundingAdjustment'
        else 'Purchase'
    end as "ChargeType",
    case
        when slot <> 98 then 'UsageBased'
        when kind_of_charge in ('reservation', 'plan') then 'Recurring'
        else 'OneTime'
    end as "Frequency",
    case
        when benefit = 'reservation' then 'Reservation'
        when benefit = 'plan' then 'SavingsPlan'
        when slot < 4 then 'Spot'
        when kind_of_charge <> 'rounding' then 'OnDemand'
    end as "PricingModel",
    '84500000' as "BillingAccountId",
    'Benchmark' as "BillingAccountName",
    'EUR' as "BillingCurrencyCode",
    strftime(getvariable('month'), '%m/%d/%Y') as "BillingPeriodStartDate",
    strftime(last_day(getvariable('month')), '%m/%d/%Y') as "BillingPeriodEndDate",
    '84500000' as "BillingProfileId",
    'Benchmark' as "BillingProfileName",
    if(is_sold = 1, 'False', 'True') as "IsAzureCreditEligible",
    if(slot < 97, concat('AAH-', hash(n) % 2000), null) as "PartNumber",
    if(slot < 97, category, null) as "ServiceFamily",
    case benefit
        when 'reservation' then concat(
            '/providers/Microsoft.Capacity/reservationOrders/7f000000-0000-4000-8000-', 100000000000 + n % 50,
            '/reservations/7e000000-0000-4000-8000-', 100000000000 + n % 50
        )
        when 'plan' then concat(
            '/providers/Microsoft.BillingBenefits/savingsPlanOrders/7f000000-0000-4000-8000-', 100000000000 + n % 50,
            '/savingsPlans/7d000000-0000-4000-8000-', 100000000000 + n % 50
        )
    end as "benefitId",
    if(benefit is not null, concat('benefit-', n % 50), null) as "benefitName"
from costed
