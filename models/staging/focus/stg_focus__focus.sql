{{ config(datasets=['focus']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- A native FOCUS file already is what the ledger wants: types are set, and what its version or its writer leaves out is
-- filled where the file tells it. Costs, prices and quantities are never corrected: a generator's mistakes stay visible
-- in the tests' warnings.
with charges as (
    select
        charges.*,
        -- as many days after its start as the month has: the local midnight of any time zone, in summer time or not
        {{ add_to_timestamp(
            'day', dbt.datediff('billing_period', add_to_date('month', 1, 'billing_period'), 'day'),
            utc_timestamp('BillingPeriodStart'),
        ) }} as next_period_start,
        {{ exclusive_end(utc_timestamp('BillingPeriodEnd')) }} as period_end,
        coalesce(PricingCurrency, x_PricingCurrency, BillingCurrency) as priced_in,
        case
            when charge_category = 'Usage' and coalesce(commitment_discount_status, 'Used') <> 'Unused' then 1
            when charge_category = 'Purchase' and CommitmentDiscountId is null then 1
            else 0
        end as is_priced
    from {{ ref('base_focus__charges') }} as charges
)

select
    -- provenance
    {{ concat_texts(['charges.delivery_id', "'-'", 'charges.row_id']) }} as row_key,
    charges.provider,
    charges.billing_period,
    'focus' as dataset,
    charges.scope,
    charges.delivery_id,
    case when EffectiveCost is null then 'billed' else 'amortized' end as effective_basis,
    -- vendors write 0 where they have no price; of a charge that is free it is true
    case
        when is_priced = 0 then null
        when ListCost <> 0 or (ListCost = 0 and coalesce(EffectiveCost, BilledCost) = 0) then 'stated'
        else 'assumed'
    end as list_basis,
    case
        when is_priced = 0 then null
        when ContractedCost <> 0 or (ContractedCost = 0 and coalesce(EffectiveCost, BilledCost) = 0) then 'stated'
        else 'assumed'
    end as contracted_basis,

    -- accounts
    BillingAccountId as billing_account_id,
    BillingAccountName as billing_account_name,
    coalesce(BillingAccountType, 'Billing Account') as billing_account_type,
    SubAccountId as sub_account_id,
    case when SubAccountId is not null then coalesce(SubAccountName, SubAccountId) end as sub_account_name,
    case when SubAccountId is not null then coalesce(SubAccountType, 'Sub Account') end as sub_account_type,
    BillingCurrency as billing_currency,
    coalesce(InvoiceId, x_InvoiceId) as invoice_id,
    InvoiceDetailId as invoice_detail_id,
    coalesce(InvoiceIssuerName, ProviderName, ServiceProviderName) as invoice_issuer_name,
    coalesce(ProviderName, ServiceProviderName, InvoiceIssuerName) as provider_name,
    coalesce(PublisherName, ServiceProviderName, ProviderName, InvoiceIssuerName) as publisher_name,
    coalesce(ServiceProviderName, PublisherName, ProviderName, InvoiceIssuerName) as service_provider_name,
    coalesce(HostProviderName, ProviderName, InvoiceIssuerName) as host_provider_name,

    -- charge
    charges.charge_category,
    charges.charge_class,
    ChargeDescription as charge_description,
    coalesce(
        charges.charge_frequency, case when charges.charge_category = 'Usage' then 'Usage-Based' else 'One-Time' end
    ) as charge_frequency,

    -- service
    coalesce(ServiceName, 'Unnamed service') as service_name,
    charges.service_category,
    charges.service_subcategory,

    -- sku
    SkuId as sku_id,
    SkuMeter as sku_meter,
    SkuPriceId as sku_price_id,
    {{ as_json_text('SkuPriceDetails') }} as sku_price_details,

    -- resource
    ResourceId as resource_id,
    case when ResourceId is not null then ResourceName end as resource_name,
    case when ResourceId is not null then coalesce(ResourceType, 'Resource') end as resource_type,
    RegionId as region_id,
    case when RegionId is not null then coalesce(RegionName, RegionId) end as region_name,
    AvailabilityZone as availability_zone,
    charges.tags_text as tags,

    -- commitment
    CommitmentDiscountId as commitment_discount_id,
    charges.commitment_discount_category,
    CommitmentDiscountType as commitment_discount_type,
    CommitmentDiscountName as commitment_discount_name,
    charges.commitment_discount_status,
    cast(CommitmentDiscountQuantity as {{ type_double() }}) as commitment_discount_quantity,
    CommitmentDiscountUnit as commitment_discount_unit,
    {{ as_json_text('CommitmentProgramEligibilityDetails') }} as commitment_program_eligibility_details,
    {{ as_json_text('ContractApplied') }} as contract_applied,
    CapacityReservationId as capacity_reservation_id,
    charges.capacity_reservation_status,

    -- allocation
    AllocatedMethodId as allocated_method_id,
    {{ as_json_text('AllocatedMethodDetails') }} as allocated_method_details,
    AllocatedResourceId as allocated_resource_id,
    AllocatedResourceName as allocated_resource_name,
    {{ as_json_text('AllocatedTags') }} as allocated_tags,

    -- prices and quantities
    charges.pricing_category,
    cast(PricingQuantity as {{ type_double() }}) as pricing_quantity,
    PricingUnit as pricing_unit,
    cast(ConsumedQuantity as {{ type_double() }}) as consumed_quantity,
    ConsumedUnit as consumed_unit,
    cast(ListUnitPrice as {{ type_double() }}) as list_unit_price,
    cast(ContractedUnitPrice as {{ type_double() }}) as contracted_unit_price,
    priced_in as pricing_currency,
    -- priced in the currency of the bill, both amounts are one
    cast(coalesce(
        PricingCurrencyListUnitPrice,
        case when priced_in = BillingCurrency then ListUnitPrice end
    ) as {{ type_double() }})
        as pricing_currency_list_unit_price,
    cast(coalesce(
        PricingCurrencyContractedUnitPrice,
        case when priced_in = BillingCurrency then ContractedUnitPrice end
    ) as {{ type_double() }})
        as pricing_currency_contracted_unit_price,

    -- costs
    {{ money('coalesce(BilledCost, 0)') }} as billed_cost,
    {{ money('coalesce(EffectiveCost, BilledCost, 0)') }} as effective_cost,
    {{ money('coalesce(ListCost, BilledCost, 0)') }} as list_cost,
    {{ money('coalesce(ContractedCost, BilledCost, 0)') }} as contracted_cost,
    coalesce(
        {{ money('PricingCurrencyEffectiveCost') }},
        case
            when priced_in = BillingCurrency
                then {{ money('coalesce(EffectiveCost, BilledCost, 0)') }}
        end
    )
        as pricing_currency_effective_cost,

    -- time
    {{ utc_timestamp('BillingPeriodStart') }} as billing_period_start,
    -- FOCUS ends are exclusive; an end on the last day of the period is that day itself
    case
        when
            period_end is null
            or {{ dbt.datediff(
                'period_end', 'next_period_start', 'hour'
            ) }} between 16 and 32
            then next_period_start
        else period_end
    end as billing_period_end,
    {{ utc_timestamp('ChargePeriodStart') }} as charge_period_start,
    coalesce(
        {{ utc_timestamp('ChargePeriodEnd') }}, {{ add_to_timestamp('day', 1, utc_timestamp('ChargePeriodStart')) }}
    )
        as charge_period_end
from charges
left join {{ ref('int_deliveries__shadowed') }} as shadowed
    on charges.provider = shadowed.provider
        and shadowed.dataset = 'focus'
        and charges.scope = shadowed.scope
        and charges.billing_period = shadowed.billing_period
        and charges.BillingAccountId = shadowed.billing_account_id
where shadowed.billing_account_id is null
