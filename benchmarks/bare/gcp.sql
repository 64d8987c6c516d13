-- The limit on Google's detailed table: the ledger's columns from the files, knowing what the warehouse must find out (no
-- key twice in a row's labels, nothing superseded, offsets and the usage they pay for agree). Rows with a promotion or an
-- unused fee give two; a resource commitment's fees are spread over the rows that bear its credit, from a second, narrow
-- look at the files.
with services as (
    select service_id, service_category, service_subcategory
    from read_csv('seeds/gcp_services.csv', header = true, all_varchar = true)
    where service_id is not null
),

regions as (
    select source_region, region_name
    from read_csv('seeds/regions.csv', header = true, all_varchar = true)
    where provider = 'gcp'
),

core_fees as (
    select
        regexp_extract(filename, 'delivery=([^/]+)/', 1) as delivery_id,
        cast(usage_start_time as date) as usage_date,
        "location".region as region,
        subscription.instance_id as commitment,
        sku.description = 'Commitment v1: Cpu in Americas for 1 Year' as is_fee,
        cost,
        "usage".amount_in_pricing_units as amount
    from read_parquet(getvariable('files'), filename = true)
    where sku.description in ('Commitment v1: Cpu in Americas for 1 Year', 'N1 Predefined Instance Core running in Americas')
),

pools as (
    select
        delivery_id,
        usage_date,
        region,
        sum(amount) filter (where not is_fee) as used_amount,
        least(sum(amount) filter (where not is_fee) / nullif(sum(amount) filter (where is_fee), 0), 1) as used_share,
        sum(cost) filter (where is_fee) as fee_cost
    from core_fees
    group by all
),

fees as (
    select fees.delivery_id, fees.usage_date, fees.region, fees.commitment, sum(fees.cost) as cost
    from core_fees as fees
    where fees.is_fee
    group by all
),

described as (
    select
        *,
        regexp_extract(filename, 'delivery=([^/]+)/', 1) as delivery_id,
        case
            when sku.description like 'Commitment - dollar%' then if(len(labels) = 0, 'unused fee', 'fee')
            when sku.description like 'Commitment v1%' then 'core fee'
            when consumption_model.description <> 'Default' then 'covered'
            when sku.description = 'N1 Predefined Instance Core running in Americas' then 'core'
            when cost_type <> 'regular' then 'other'
            else 'usage'
        end as kind,
        coalesce(list_sum(list_transform(list_filter(credits, lambda c: c.type = 'PROMOTION'), lambda c: c.amount)), 0) as promotion,
        coalesce(list_sum(list_transform(list_filter(credits, lambda c: c.type <> 'PROMOTION'), lambda c: c.amount)), 0) as discount
    from read_parquet(getvariable('files'), filename = true, file_row_number = true)
),

parts as (
    select 'charge' as part
    union all
    select 'credit'
    union all
    select 'unused'
    union all
    select 'used'
),

charges as (
    select
        described.* exclude (cost),
        used_share,
        part,
        fees.commitment as used_commitment,
        described.cost * coalesce(share, 1) as cost,
        coalesce(share, 1) as share,
        case
            when part = 'credit' then promotion
            when part <> 'charge' or kind = 'covered' then 0
            when kind = 'fee' then described.cost
            else described.cost + discount
        end as billed,
        case
            when part = 'credit' then promotion
            when part = 'used' then pools.fee_cost * used_share * share * described."usage".amount_in_pricing_units / used_amount
            when part = 'unused' and kind = 'core fee' then described.cost * (1 - used_share)
            when part = 'unused' or kind = 'covered' then described.cost
            when kind in ('fee', 'core fee', 'unused fee') then 0
            else described.cost + discount
        end as effective
    from described
    inner join parts
        on part = 'credit' and promotion <> 0
            or part = 'unused' and kind in ('unused fee', 'core fee')
            or part = if(kind = 'core', 'used', 'charge')
    left join pools
        on kind in ('core', 'core fee')
            and described.delivery_id = pools.delivery_id
            and cast(described.usage_start_time as date) = pools.usage_date
            and described."location".region = pools.region
    left join (select fees.*, fees.cost / pools.fee_cost as share from fees natural join pools) as fees
        on kind = 'core'
            and described.delivery_id = fees.delivery_id
            and cast(described.usage_start_time as date) = fees.usage_date
            and described."location".region = fees.region
    where part <> 'unused' or kind = 'unused fee' or used_share < 1
),

priced as (
    select
        *,
        cast(strptime(invoice.month, '%Y%m') as date) as billing_period,
        case
            when part = 'credit' then 'Credit'
            when kind in ('fee', 'core fee', 'unused fee') and part = 'charge' then 'Purchase'
            when cost_type = 'tax' then 'Tax'
            when kind = 'other' then 'Adjustment'
            else 'Usage'
        end as category,
        case when part = 'used' then used_commitment when part <> 'credit' then subscription.instance_id end as commitment,
        if(kind in ('core', 'core fee'), 'Usage', 'Spend') as commitment_category,
        "usage".amount_in_pricing_units * if(part = 'unused' and kind = 'core fee', 1 - used_share, share) as amount,
        "usage".amount * share as usage_amount,
        if(transaction_type = 'GOOGLE', 'Google Cloud', seller_name) as publisher,
        concat('{', array_to_string(list_transform(
            list_concat(project.labels, labels, list_transform(tags, lambda t: {'key': t.key, 'value': t.value})),
            lambda t: concat('"', t.key, '":"', t.value, '"')
        ), ','), '}') as tag_text
    from charges
),

listed as (
    select
        *,
        case
            when category not in ('Usage', 'Purchase') then null
            when part = 'unused' and commitment_category = 'Spend' then effective
            else amount
        end as quantity,
        case when part = 'unused' then 0 when category = 'Usage' then cost_at_list * share else billed end as list,
        case when part = 'unused' then 0 when category = 'Usage' then cost_at_effective_price_default * share else billed end
            as contracted
    from priced
)

select
    concat(delivery_id, '-', file_row_number, if(part = 'charge', '', concat('-', part, '-', commitment))) as row_key,
    'gcp' as provider,
    billing_period,
    'gcp_detailed' as dataset,
    'benchmark' as scope,
    delivery_id,
    'amortized' as effective_basis,
    case
        when category <> 'Usage' or part = 'unused' then null
        when cost_at_list is not null then 'stated'
        else 'assumed'
    end as list_basis,
    if(category <> 'Usage' or part = 'unused', null, 'stated') as contracted_basis,
    billing_account_id,
    cast(null as varchar) as billing_account_name,
    'Billing Account' as billing_account_type,
    project.id as sub_account_id,
    project.name as sub_account_name,
    if(project.id is not null, 'Project', null) as sub_account_type,
    currency as billing_currency,
    cast(null as varchar) as invoice_id,
    cast(null as varchar) as invoice_detail_id,
    publisher as invoice_issuer_name,
    'Google Cloud' as provider_name,
    publisher as publisher_name,
    publisher as service_provider_name,
    'Google Cloud' as host_provider_name,
    category as charge_category,
    if(adjustment_info.type is not null and date_trunc('month', usage_start_time) < billing_period, 'Correction', null)
        as charge_class,
    sku.description as charge_description,
    case category when 'Usage' then 'Usage-Based' when 'Purchase' then 'Recurring' else 'One-Time' end as charge_frequency,
    service.description as service_name,
    coalesce(services.service_category, 'Other') as service_category,
    coalesce(services.service_subcategory, 'Other (Other)') as service_subcategory,
    if(category <> 'Tax', sku.id, null) as sku_id,
    if(category <> 'Tax' and sku.id is not null, sku.description, null) as sku_meter,
    if(category in ('Usage', 'Purchase'), sku.id || '/' || consumption_model.id, null) as sku_price_id,
    cast(null as varchar) as sku_price_details,
    if(kind in ('fee', 'core fee', 'unused fee'), commitment, resource.global_name) as resource_id,
    resource.name as resource_name,
    case
        when kind in ('fee', 'core fee', 'unused fee') then 'Committed Use Discount'
        when resource.global_name is not null then regexp_extract(resource.global_name, '.*/([^/]+)/[^/]+$', 1)
    end as resource_type,
    "location".region as region_id,
    coalesce(regions.region_name, "location".region) as region_name,
    "location".zone as availability_zone,
    nullif(tag_text, '{}') as tags,
    commitment as commitment_discount_id,
    if(commitment is not null, commitment_category, null) as commitment_discount_category,
    if(commitment is not null, 'Committed Use Discount', null) as commitment_discount_type,
    case
        when commitment is null then null
        when kind in ('fee', 'core fee', 'unused fee') then sku.description
        when kind = 'covered' then consumption_model.description
    end as commitment_discount_name,
    case when commitment is null or category <> 'Usage' then null when part = 'unused' then 'Unused' else 'Used' end
        as commitment_discount_status,
    case
        when commitment is null then null
        when commitment_category = 'Usage' then amount
        when category = 'Purchase' then billed
        else effective
    end as commitment_discount_quantity,
    case when commitment is null then null when commitment_category = 'Usage' then "usage".pricing_unit else currency end
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
        when category not in ('Usage', 'Purchase') then null
        when part in ('unused', 'used') or kind = 'covered' then 'Committed'
        else 'Standard'
    end as pricing_category,
    quantity as pricing_quantity,
    case
        when quantity is null then null
        when part = 'unused' and commitment_category = 'Spend' then currency
        else "usage".pricing_unit
    end as pricing_unit,
    if(category = 'Usage' and part <> 'unused', usage_amount, null) as consumed_quantity,
    if(category = 'Usage' and part <> 'unused', "usage".unit, null) as consumed_unit,
    if(quantity <> 0 and list / quantity >= 0, list / quantity, null) as list_unit_price,
    if(quantity <> 0 and contracted / quantity >= 0, contracted / quantity, null) as contracted_unit_price,
    currency as pricing_currency,
    if(quantity <> 0 and list / quantity >= 0, list / quantity, null) as pricing_currency_list_unit_price,
    if(quantity <> 0 and contracted / quantity >= 0, contracted / quantity, null) as pricing_currency_contracted_unit_price,
    cast(billed as decimal(38, 12)) as billed_cost,
    cast(effective as decimal(38, 12)) as effective_cost,
    cast(list as decimal(38, 12)) as list_cost,
    cast(contracted as decimal(38, 12)) as contracted_cost,
    cast(effective as decimal(38, 12)) as pricing_currency_effective_cost,
    timezone('UTC', timezone('America/Los_Angeles', cast(billing_period as timestamp))) as billing_period_start,
    timezone('UTC', timezone('America/Los_Angeles', billing_period + interval 1 month)) as billing_period_end,
    cast(usage_start_time as timestamp) as charge_period_start,
    cast(usage_end_time as timestamp) as charge_period_end
from listed
left join services on listed.service.id = services.service_id
left join regions on listed."location".region = regions.source_region
