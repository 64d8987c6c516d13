-- The limit on CUR 2.0: the ledger's columns from the files in one pass, knowing what the warehouse must find out (all
-- costs gross, no containers, nothing unused, no empty names, one delivery a month).
with services as (
    select lower(product_code) as product_code, service_name, service_category, service_subcategory
    from read_csv('seeds/aws_services.csv', header = true, all_varchar = true)
),

regions as (
    select source_region, region_name
    from read_csv('seeds/regions.csv', header = true, all_varchar = true)
    where provider = 'aws'
),

described as (
    select
        *,
        line_item_line_item_type as line_type,
        nullif(line_item_resource_id, '') as resource,
        nullif(reservation_reservation_a_r_n, '') as reservation,
        nullif(savings_plan_savings_plan_a_r_n, '') as plan,
        coalesce(nullif(reservation_reservation_a_r_n, ''), nullif(savings_plan_savings_plan_a_r_n, '')) as commitment,
        case
            when line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee', 'Fee') then 'Purchase'
            when line_item_line_item_type in ('Tax', 'Credit') then line_item_line_item_type
            else 'Usage'
        end as category
    from read_parquet(getvariable('files'), filename = true, file_row_number = true)
    where line_item_line_item_type <> 'SavingsPlanNegation'
),

costed as (
    select
        *,
        if(line_type = 'SavingsPlanCoveredUsage', 0, line_item_unblended_cost) as billed,
        case line_type
            when 'SavingsPlanCoveredUsage' then savings_plan_savings_plan_effective_cost
            when 'DiscountedUsage' then reservation_effective_cost
            when 'RIFee' then 0
            when 'SavingsPlanRecurringFee' then 0
            else line_item_unblended_cost
        end as effective,
        if(category = 'Usage', pricing_public_on_demand_cost, line_item_unblended_cost) as list,
        if(line_type = 'DiscountedUsage', pricing_public_on_demand_cost, line_item_unblended_cost) as contracted,
        case
            when line_type in ('Fee', 'SavingsPlanRecurringFee') then 1
            when category in ('Usage', 'Purchase') then line_item_usage_amount
        end as quantity
    from described
)

select
    concat(regexp_extract(filename, 'delivery=([^/]+)/', 1), '-', file_row_number) as row_key,
    'aws' as provider,
    cast(bill_billing_period_start_date as date) as billing_period,
    'cur2' as dataset,
    'benchmark' as scope,
    regexp_extract(filename, 'delivery=([^/]+)/', 1) as delivery_id,
    'amortized' as effective_basis,
    case
        when category <> 'Usage' and line_type <> 'Fee' then null
        when line_type = 'Fee' and commitment is not null then null
        when category = 'Usage' and pricing_public_on_demand_cost <> 0 then 'stated'
        else 'assumed'
    end as list_basis,
    case
        when category <> 'Usage' and line_type <> 'Fee' then null
        when line_type = 'Fee' and commitment is not null then null
        when line_type = 'DiscountedUsage' then 'assumed'
        else 'stated'
    end as contracted_basis,
    bill_payer_account_id as billing_account_id,
    bill_payer_account_name as billing_account_name,
    'Billing Account' as billing_account_type,
    line_item_usage_account_id as sub_account_id,
    line_item_usage_account_name as sub_account_name,
    'Account' as sub_account_type,
    line_item_currency_code as billing_currency,
    bill_invoice_id as invoice_id,
    cast(null as varchar) as invoice_detail_id,
    bill_invoicing_entity as invoice_issuer_name,
    'AWS' as provider_name,
    'AWS' as publisher_name,
    'AWS' as service_provider_name,
    'AWS' as host_provider_name,
    category as charge_category,
    cast(null as varchar) as charge_class,
    line_item_line_item_description as charge_description,
    case
        when category = 'Usage' then 'Usage-Based'
        when line_type in ('RIFee', 'SavingsPlanRecurringFee') then 'Recurring'
        else 'One-Time'
    end as charge_frequency,
    coalesce(product['product_name'], services.service_name, line_item_product_code) as service_name,
    coalesce(services.service_category, 'Other') as service_category,
    coalesce(services.service_subcategory, 'Other (Other)') as service_subcategory,
    if(category <> 'Tax', product_sku, null) as sku_id,
    if(category <> 'Tax', line_item_usage_type, null) as sku_meter,
    if(category in ('Usage', 'Purchase'), pricing_rate_code, null) as sku_price_id,
    case
        when category in ('Usage', 'Purchase') and product_instance_type <> ''
            then concat('{"InstanceType":"', product_instance_type, '"}')
    end as sku_price_details,
    if(category = 'Purchase', coalesce(commitment, resource), resource) as resource_id,
    cast(null as varchar) as resource_name,
    case
        when category = 'Purchase' and reservation is not null then 'Reserved Instance'
        when category = 'Purchase' and plan is not null then 'Savings Plan'
        when resource is not null then product_product_family
    end as resource_type,
    product_region_code as region_id,
    coalesce(regions.region_name, product_location) as region_name,
    nullif(line_item_availability_zone, '') as availability_zone,
    nullif(replace(replace(cast(cast(resource_tags as json) as varchar), '{"user_', '{"'), ',"user_', ',"'), '{}') as tags,
    commitment as commitment_discount_id,
    case when reservation is not null then 'Usage' when plan is not null then 'Spend' end as commitment_discount_category,
    case when reservation is not null then 'Reserved Instance' when plan is not null then 'Savings Plan' end
        as commitment_discount_type,
    cast(null as varchar) as commitment_discount_name,
    if(commitment is not null and category = 'Usage', 'Used', null) as commitment_discount_status,
    case
        when reservation is not null then line_item_usage_amount
        when category = 'Purchase' and plan is not null then savings_plan_total_commitment_to_date
        when plan is not null then effective
    end as commitment_discount_quantity,
    case when reservation is not null then 'Hours' when plan is not null then line_item_currency_code end
        as commitment_discount_unit,
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
        when category in ('Tax', 'Credit') then null
        when category = 'Usage' and commitment is not null then 'Committed'
        else 'Standard'
    end as pricing_category,
    quantity as pricing_quantity,
    if(quantity is not null, pricing_unit, null) as pricing_unit,
    if(category = 'Usage', line_item_usage_amount, null) as consumed_quantity,
    if(category = 'Usage', pricing_unit, null) as consumed_unit,
    if(quantity <> 0 and list / quantity >= 0, list / quantity, null) as list_unit_price,
    if(quantity <> 0 and contracted / quantity >= 0, contracted / quantity, null) as contracted_unit_price,
    line_item_currency_code as pricing_currency,
    if(quantity <> 0 and list / quantity >= 0, list / quantity, null) as pricing_currency_list_unit_price,
    if(quantity <> 0 and contracted / quantity >= 0, contracted / quantity, null) as pricing_currency_contracted_unit_price,
    cast(billed as decimal(38, 12)) as billed_cost,
    cast(effective as decimal(38, 12)) as effective_cost,
    cast(list as decimal(38, 12)) as list_cost,
    cast(contracted as decimal(38, 12)) as contracted_cost,
    cast(effective as decimal(38, 12)) as pricing_currency_effective_cost,
    bill_billing_period_start_date as billing_period_start,
    bill_billing_period_end_date as billing_period_end,
    line_item_usage_start_date as charge_period_start,
    line_item_usage_end_date as charge_period_end
from costed
left join services on lower(costed.line_item_product_code) = services.product_code
left join regions on costed.product_region_code = regions.source_region
