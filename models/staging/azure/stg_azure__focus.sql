{{ config(datasets=['azure_actual', 'azure_amortized']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

with charges as (
    select
        charges.*,
        case
            when charge_type in ('Usage', 'UnusedReservation', 'UnusedSavingsPlan') then 'Usage'
            when charge_type = 'Purchase' then 'Purchase'
            when charge_type = 'Refund' and (benefit_role = 'benefit' or publisher_type = 'Marketplace') then 'Purchase'
            when charge_type = 'Refund' then 'Usage'
            when charge_type in ('Tax', 'Credit') then charge_type
            else 'Adjustment'
        end as charge_category,
        case
            when publisher_type = 'Marketplace' then coalesce(nullif(publisher_name, ''), 'Marketplace')
            else 'Microsoft'
        end as seller_name,
        case when benefit_id is not null or benefit_role <> 'plain' then coalesce(benefit_id, meter_id, 'unknown') end
            as commitment_id,
        case
            when benefit_id like '%microsoft.billingbenefits%'
                or charge_type = 'UnusedSavingsPlan'
                or pricing_model = 'savingsplan'
                then 'Savings Plan'
            else 'Reservation'
        end as commitment_type
    from {{ ref('base_azure__charges') }} as charges
    left join {{ ref('int_deliveries__shadowed') }} as shadowed
        on shadowed.provider = 'azure'
            and charges.dataset = shadowed.dataset
            and charges.scope = shadowed.scope
            and charges.billing_period = shadowed.billing_period
            and charges.billing_account_id = shadowed.billing_account_id
    where shadowed.billing_account_id is null
),

priced as (
    select
        *,
        case when charge_category in ('Usage', 'Purchase') then quantity end as pricing_quantity,
        -- a benefit and its unused part have no price of their own, and of a pair the covered row of one file alone
        case
            when charge_category in ('Usage', 'Purchase') and benefit_role not in ('benefit', 'unused')
                and (benefit_role <> 'covered' or has_pair = 0 or dataset = 'azure_amortized')
                then 1
            else 0
        end as is_priced,
        -- rows of a benefit have no product, part or meter: there the benefit is what is sold
        coalesce(product_id, part_number, meter_id, benefit_name, product_name) as sku,
        case
            when benefit_role = 'unused' or (benefit_role = 'benefit' and commitment_id is not null) then commitment_id
            else resource_id
        end as charged_resource_id
    from charges
)

select
    -- provenance
    {{ concat_texts(['delivery_id', "'-'", 'row_id']) }} as row_key,
    'azure' as provider,
    billing_period,
    dataset,
    scope,
    delivery_id,
    effective_basis,
    case
        when is_priced = 0 then null
        when charge_type in ('Usage', 'Refund') and list_price <> 0 then 'stated'
        else 'assumed'
    end as list_basis,
    case
        when is_priced = 0 then null
        when benefit_role = 'covered' and coalesce(unit_price, 0) = 0 then 'assumed'
        else 'stated'
    end as contracted_basis,

    -- accounts
    billing_account_id,
    billing_account_name,
    billing_account_type,
    subscription_id as sub_account_id,
    case when subscription_id is not null then coalesce(subscription_name, subscription_id) end as sub_account_name,
    case when subscription_id is not null then 'Subscription' end as sub_account_type,
    billing_currency,
    invoice_id,
    cast(null as {{ type_text() }}) as invoice_detail_id,
    coalesce(reseller_name, 'Microsoft') as invoice_issuer_name,
    'Microsoft' as provider_name,
    seller_name as publisher_name,
    seller_name as service_provider_name,
    'Microsoft' as host_provider_name,

    -- charge
    charge_category,
    case
        when
            charge_type = 'Refund' and (previous_invoice_id is not null or charge_date < billing_period)
            then 'Correction'
    end as charge_class,
    product_name as charge_description,
    case
        when charge_category = 'Usage' then 'Usage-Based'
        when billing_frequency = 'Recurring'
            or (billing_frequency = 'UsageBased' and charge_category = 'Purchase')
            then 'Recurring'
        else 'One-Time'
    end as charge_frequency,

    -- service: by namespace and resource type, then by namespace, then by meter category (purchases have no namespace)
    coalesce(
        typed.service_name, named.service_name, metered.service_name, nullif(priced.meter_category, 'Unassigned'),
        case when publisher_type = 'Marketplace' then seller_name end, 'Microsoft Azure'
    ) as service_name,
    coalesce(typed.service_category, named.service_category, metered.service_category, 'Other') as service_category,
    coalesce(typed.service_subcategory, named.service_subcategory, metered.service_subcategory, 'Other (Other)')
        as service_subcategory,

    -- sku
    case when charge_category <> 'Tax' then sku end as sku_id,
    case when charge_category <> 'Tax' and sku is not null then coalesce(meter_name, product_name) end as sku_meter,
    case when charge_category in ('Usage', 'Purchase') then sku end as sku_price_id,
    cast(null as {{ type_text() }}) as sku_price_details,

    -- resource
    charged_resource_id as resource_id,
    case when charged_resource_id = priced.resource_id then priced.resource_name end as resource_name,
    case
        when charged_resource_id is null then null
        when charged_resource_id = priced.resource_id then coalesce(priced.resource_type, 'Resource')
        else commitment_type
    end as resource_type,
    case
        when
            resource_location not in ('unassigned', 'global')
            then coalesce(regions.region_id, replace(resource_location, ' ', ''))
    end as region_id,
    case
        when resource_location not in ('unassigned', 'global') then coalesce(regions.region_name, resource_location)
    end as region_name,
    availability_zone,
    {{ as_json_text('tags') }} as tags,

    -- commitment
    commitment_id as commitment_discount_id,
    case
        when commitment_id is not null then case when commitment_type = 'Savings Plan' then 'Spend' else 'Usage' end
    end as commitment_discount_category,
    case when commitment_id is not null then commitment_type end as commitment_discount_type,
    case when commitment_id is not null then benefit_name end as commitment_discount_name,
    case
        when commitment_id is null or charge_category <> 'Usage' then null
        when benefit_role = 'unused' then 'Unused'
        else 'Used'
    end as commitment_discount_status,
    case
        when commitment_id is null or charge_category not in ('Usage', 'Purchase') then null
        when commitment_type = 'Savings Plan' then cost
        else quantity * coalesce(units.block_size, 1)
    end as commitment_discount_quantity,
    case
        when commitment_id is null or charge_category not in ('Usage', 'Purchase') then null
        when commitment_type = 'Savings Plan' then billing_currency
        else 'Hours'
    end as commitment_discount_unit,
    cast(null as {{ type_text() }}) as commitment_program_eligibility_details,
    cast(null as {{ type_text() }}) as contract_applied,
    cast(null as {{ type_text() }}) as capacity_reservation_id,
    cast(null as {{ type_text() }}) as capacity_reservation_status,

    -- allocation
    cast(null as {{ type_text() }}) as allocated_method_id,
    cast(null as {{ type_text() }}) as allocated_method_details,
    cast(null as {{ type_text() }}) as allocated_resource_id,
    cast(null as {{ type_text() }}) as allocated_resource_name,
    cast(null as {{ type_text() }}) as allocated_tags,

    -- prices and quantities; Quantity counts blocks of the unit of measure, what was consumed is blocks times size
    case
        when charge_category not in ('Usage', 'Purchase') then null
        when benefit_role in ('covered', 'unused') then 'Committed'
        when pricing_model = 'spot' then 'Dynamic'
        else 'Standard'
    end as pricing_category,
    pricing_quantity,
    case when pricing_quantity is not null then coalesce(priced.unit_of_measure, 'Units') end as pricing_unit,
    case when charge_category = 'Usage' and benefit_role <> 'unused' then quantity * coalesce(units.block_size, 1) end
        as consumed_quantity,
    case
        when charge_category = 'Usage' and benefit_role <> 'unused' and quantity is not null
            then coalesce(units.distinct_unit, priced.unit_of_measure, 'Units')
    end as consumed_unit,
    {{ unit_price('list_cost', 'pricing_quantity') }} as list_unit_price,
    {{ unit_price('contracted_cost', 'pricing_quantity') }} as contracted_unit_price,
    pricing_currency,
    {{ unit_price('list_cost', 'pricing_quantity') }} / exchange_rate as pricing_currency_list_unit_price,
    {{ unit_price('contracted_cost', 'pricing_quantity') }} / exchange_rate as pricing_currency_contracted_unit_price,

    -- costs
    {{ money('billed_cost') }} as billed_cost,
    {{ money('effective_cost') }} as effective_cost,
    {{ money('list_cost') }} as list_cost,
    {{ money('contracted_cost') }} as contracted_cost,
    {{ money('effective_cost / exchange_rate') }} as pricing_currency_effective_cost,

    -- time; the bill's dates are inclusive, FOCUS's ends are not
    cast(billing_period as {{ type_timestamp() }}) as billing_period_start,
    cast({{ add_to_date('month', 1, 'billing_period') }} as {{ type_timestamp() }}) as billing_period_end,
    cast(charge_date as {{ type_timestamp() }}) as charge_period_start,
    cast({{ add_to_date('day', 1, 'charge_date') }} as {{ type_timestamp() }}) as charge_period_end
from priced
left join {{ ref('azure_services') }} as typed
    on priced.consumed_service = typed.consumed_service
        and priced.resource_type = typed.resource_type
left join {{ ref('azure_services') }} as named
    on priced.consumed_service = named.consumed_service
        and named.resource_type is null
left join {{ ref('azure_meter_services') }} as metered
    on lower(trim(priced.meter_category)) = metered.meter_category
left join {{ ref('azure_units') }} as units
    on lower(priced.unit_of_measure) = lower(trim(units.unit_of_measure))
left join {{ ref('regions') }} as regions
    on regions.provider = 'azure'
        and priced.resource_location = regions.source_region
