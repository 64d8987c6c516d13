{{ config(datasets=['cur2', 'cur']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

with charges as (
    select charges.*
    from {{ ref('base_aws__charges') }} as charges
    left join {{ ref('int_deliveries__shadowed') }} as shadowed
        on shadowed.provider = 'aws'
            and charges.dataset = shadowed.dataset
            and charges.scope = shadowed.scope
            and charges.billing_period = shadowed.billing_period
            and charges.bill_payer_account_id = shadowed.billing_account_id
    where shadowed.billing_account_id is null
),

described as (
    select
        *,
        coalesce(reservation_reservation_a_r_n, savings_plan_savings_plan_a_r_n) as commitment_id,
        case
            when charge_part = 'unused' then 'Usage'
            when charge_kind in ('commitment', 'fee') then 'Purchase'
            when charge_kind = 'tax' then 'Tax'
            when charge_kind = 'credit' then 'Credit'
            when charge_kind = 'adjustment' then 'Adjustment'
            else 'Usage'
        end as charge_category,
        case
            when bill_billing_entity = 'AWS Marketplace' then coalesce(line_item_legal_entity, 'AWS Marketplace')
            else 'AWS'
        end as seller_name,
        case
            when charge_part = 'charge' and charge_kind in ('commitment', 'fee') and line_item_line_item_type <> 'RIFee'
                then case when charged_cost < 0 then -1 else 1 end
            when charge_kind in ('tax', 'credit', 'adjustment') then null
            -- a Savings Plan leaves money unused, not hours
            when charge_part = 'unused' and usage_amount is null then effective_cost
            else usage_amount
        end as pricing_quantity
    from charges
)

select
    -- provenance
    {{ concat_texts([
        'described.delivery_id', "'-'", 'row_id', "case when charge_part = 'unused' then '-unused' else '' end",
        "case when split_number = 0 then '' else '-split-' end",
        "case when split_number = 0 then '' else " ~ dbt.cast('split_number', type_text()) ~ ' end',
    ]) }} as row_key,
    'aws' as provider,
    billing_period,
    dataset,
    scope,
    delivery_id,
    'amortized' as effective_basis,
    case
        when charge_part = 'unused' or charge_kind in ('commitment', 'tax', 'credit', 'adjustment') then null
        when charge_kind in ('usage', 'reserved usage', 'plan usage') and pricing_public_on_demand_cost <> 0
            then 'stated'
        else 'assumed'
    end as list_basis,
    case
        when charge_part = 'unused' or charge_kind in ('commitment', 'tax', 'credit', 'adjustment') then null
        -- beside a reservation the bill has the public price alone
        when charge_kind = 'reserved usage' then 'assumed'
        else 'stated'
    end as contracted_basis,

    -- accounts
    bill_payer_account_id as billing_account_id,
    coalesce(bill_payer_account_name, bill_payer_account_id) as billing_account_name,
    'Billing Account' as billing_account_type,
    line_item_usage_account_id as sub_account_id,
    coalesce(line_item_usage_account_name, line_item_usage_account_id) as sub_account_name,
    case when line_item_usage_account_id is not null then 'Account' end as sub_account_type,
    line_item_currency_code as billing_currency,
    bill_invoice_id as invoice_id,
    cast(null as {{ type_text() }}) as invoice_detail_id,
    coalesce(bill_invoicing_entity, 'AWS') as invoice_issuer_name,
    'AWS' as provider_name,
    seller_name as publisher_name,
    seller_name as service_provider_name,
    'AWS' as host_provider_name,

    -- charge
    charge_category,
    case
        when line_item_line_item_type = 'Refund'
            and (bill_bill_type = 'Refund' or cast(line_item_usage_start_date as date) < billing_period)
            then 'Correction'
    end as charge_class,
    line_item_line_item_description as charge_description,
    case
        when charge_category = 'Usage' then 'Usage-Based'
        when line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee', 'FlatRateSubscription')
            or line_item_product_code like 'AWSSupport%' then 'Recurring'
        else 'One-Time'
    end as charge_frequency,

    -- service
    coalesce(product_name, services.service_name, line_item_product_code, 'AWS') as service_name,
    coalesce(services.service_category, 'Other') as service_category,
    coalesce(services.service_subcategory, 'Other (Other)') as service_subcategory,

    -- sku
    case when charge_category <> 'Tax' then coalesce(product_sku, line_item_product_code) end as sku_id,
    case when charge_category <> 'Tax' then line_item_usage_type end as sku_meter,
    case
        when
            charge_category in ('Usage', 'Purchase')
            then coalesce(pricing_rate_code, product_sku, line_item_product_code)
    end as sku_price_id,
    case
        when charge_category in ('Usage', 'Purchase') and product_instance_type is not null
            then {{ concat_texts(["'{\"InstanceType\":\"'", 'product_instance_type', "'\"}'"]) }}
    end as sku_price_details,

    -- resource
    case
        when charge_part = 'unused' or charge_kind = 'commitment' then coalesce(commitment_id, line_item_resource_id)
        else line_item_resource_id
    end as resource_id,
    cast(null as {{ type_text() }}) as resource_name,
    case
        when (charge_part = 'unused' or charge_kind = 'commitment') and commitment_id is not null
            then case when reservation_reservation_a_r_n is not null then 'Reserved Instance' else 'Savings Plan' end
        when line_item_resource_id is not null then coalesce(product_product_family, line_item_product_code, 'Resource')
    end as resource_type,
    product_region_code as region_id,
    case
        when product_region_code is not null then coalesce(regions.region_name, product_location, product_region_code)
    end as region_name,
    line_item_availability_zone as availability_zone,
    tags,

    -- commitment
    commitment_id as commitment_discount_id,
    case
        when
            commitment_id is not null
            then case when reservation_reservation_a_r_n is not null then 'Usage' else 'Spend' end
    end as commitment_discount_category,
    case
        when
            commitment_id is not null
            then case when reservation_reservation_a_r_n is not null then 'Reserved Instance' else 'Savings Plan' end
    end as commitment_discount_type,
    cast(null as {{ type_text() }}) as commitment_discount_name,
    case
        when commitment_id is null or charge_category <> 'Usage' then null
        when charge_part = 'unused' then 'Unused'
        else 'Used'
    end as commitment_discount_status,
    case
        when commitment_id is null or charge_category not in ('Usage', 'Purchase') then null
        when reservation_reservation_a_r_n is not null then coalesce(usage_amount, pricing_quantity) * split_share
        when charge_category = 'Purchase' then coalesce(savings_plan_total_commitment_to_date, charged_cost)
        else effective_cost * split_share
    end as commitment_discount_quantity,
    case
        when commitment_id is null or charge_category not in ('Usage', 'Purchase') then null
        when reservation_reservation_a_r_n is not null then 'Hours'
        else line_item_currency_code
    end as commitment_discount_unit,
    cast(null as {{ type_text() }}) as commitment_program_eligibility_details,
    cast(null as {{ type_text() }}) as contract_applied,
    capacity_reservation_capacity_reservation_arn as capacity_reservation_id,
    case
        when capacity_reservation_capacity_reservation_arn is null or charge_category <> 'Usage' then null
        when lower(capacity_reservation_capacity_reservation_status) like 'unused%' then 'Unused'
        else 'Used'
    end as capacity_reservation_status,

    -- allocation
    case when split_number > 0 then 'AWS split cost allocation' end as allocated_method_id,
    case
        when split_number > 0
            then {{ concat_texts([
                "'{\"Elements\":[{\"AllocatedRatio\":'", number_as_text('split_share'),
                "',\"UsageUnit\":\"'", 'container_unit', "'\",\"UsageQuantity\":'",
                'coalesce(' ~ number_as_text('container_usage') ~ ", 'null')", "'}]}'",
            ]) }}
    end as allocated_method_details,
    container_id as allocated_resource_id,
    {{ regexp_capture('container_id', '/([^/]+)$') }} as allocated_resource_name,
    container_tags as allocated_tags,

    -- prices and quantities
    case
        when charge_category in ('Tax', 'Credit', 'Adjustment') then null
        when charge_part = 'unused' or charge_kind in ('reserved usage', 'plan usage') then 'Committed'
        when charge_category = 'Usage' and commitment_id is not null then 'Committed'
        when charge_kind = 'spot usage' then 'Dynamic'
        else 'Standard'
    end as pricing_category,
    pricing_quantity * split_share as pricing_quantity,
    case
        when pricing_quantity is null then null
        when charge_part = 'unused' and usage_amount is null then line_item_currency_code
        else coalesce(pricing_unit, 'Units')
    end as pricing_unit,
    case when charge_category = 'Usage' and charge_part = 'charge' then usage_amount * split_share end
        as consumed_quantity,
    case
        when
            charge_category = 'Usage' and charge_part = 'charge' and usage_amount is not null
            then coalesce(pricing_unit, 'Units')
    end as consumed_unit,
    {{ unit_price('list_cost', 'pricing_quantity') }} as list_unit_price,
    {{ unit_price('contracted_cost', 'pricing_quantity') }} as contracted_unit_price,
    line_item_currency_code as pricing_currency,
    {{ unit_price('list_cost', 'pricing_quantity') }} as pricing_currency_list_unit_price,
    {{ unit_price('contracted_cost', 'pricing_quantity') }} as pricing_currency_contracted_unit_price,

    -- costs
    {{ money('billed_cost * split_share') }} as billed_cost,
    {{ money('effective_cost * split_share') }} as effective_cost,
    {{ money('list_cost * split_share') }} as list_cost,
    {{ money('contracted_cost * split_share') }} as contracted_cost,
    {{ money('effective_cost * split_share') }} as pricing_currency_effective_cost,

    -- time
    cast(billing_period as {{ type_timestamp() }}) as billing_period_start,
    cast({{ add_to_date('month', 1, 'billing_period') }} as {{ type_timestamp() }}) as billing_period_end,
    line_item_usage_start_date as charge_period_start,
    {{ exclusive_end('line_item_usage_end_date') }} as charge_period_end
from described
left join {{ ref('aws_services') }} as services
    on lower(described.line_item_product_code) = lower(services.product_code)
left join {{ ref('regions') }} as regions
    on regions.provider = 'aws'
        and described.product_region_code = regions.source_region
