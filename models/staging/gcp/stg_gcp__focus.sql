{{ config(datasets=['gcp_detailed', 'gcp_standard']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

with charges as (
    select
        charges.*,
        case
            when charge_part = 'credit' then 'Credit'
            when charge_part = 'unused' then 'Usage'
            when charge_part = 'difference' then 'Adjustment'
            when cost_type = 'tax' then 'Tax'
            when
                cost_type = 'adjustment' and adjustment_type in ('GOODWILL', 'SLA_VIOLATION', 'SALES_BASED_GOODWILL')
                then 'Credit'
            when cost_type in ('adjustment', 'rounding_error') then 'Adjustment'
            when is_commitment_fee = 1 then 'Purchase'
            else 'Usage'
        end as charge_category,
        case
            when coalesce(transaction_type, 'GOOGLE') = 'GOOGLE' then 'Google Cloud'
            else coalesce(seller_name, 'Google Cloud')
        end as publisher
    from {{ ref('base_gcp__charges') }} as charges
    left join {{ ref('int_deliveries__shadowed') }} as shadowed
        on shadowed.provider = 'gcp'
            and charges.dataset = shadowed.dataset
            and charges.scope = shadowed.scope
            and charges.billing_period = shadowed.billing_period
            and charges.billing_account_id = shadowed.billing_account_id
    where shadowed.billing_account_id is null
),

priced as (
    select
        *,
        case
            when charge_category not in ('Usage', 'Purchase') then null
            when charge_part = 'unused' and commitment_category = 'Spend' then effective_cost
            when charge_part = 'unused' then pricing_amount
            when charge_category = 'Purchase' then coalesce(nullif(pricing_amount, 0), 1)
            else coalesce(pricing_amount, usage_amount)
        end as pricing_quantity,
        case
            when charge_part = 'unused' then 0
            when charge_category = 'Usage' and charge_part in ('charge', 'covered')
                then coalesce(list_cost, default_cost, cost)
            when is_covered = 1 then cost
            else billed_cost
        end as list_amount,
        case
            when charge_part = 'unused' then 0
            when charge_category = 'Usage' then coalesce(default_cost, cost)
            else billed_cost
        end as contracted_amount,
        case
            when charge_part = 'unused' or is_commitment_fee = 1 then commitment_id
            else coalesce(resource_global_name, resource_name)
        end as charged_resource_id,
        -- GKE's cost allocation labels the rows it splits; what starts with kube: is the cluster's own or no one's
        -- most rows are of no cluster, and looking for a text costs less than a pattern
        case
            when tags like '%"k8s-namespace":%' then {{ regexp_capture('tags', '"k8s-namespace":"([^"]*)"') }}
        end as namespace,
        case
            when tags like '%"k8s-workload-name":%' then {{ regexp_capture('tags', '"k8s-workload-name":"([^"]*)"') }}
        end as workload
    from charges
)

select
    -- provenance
    {{ concat_texts(['delivery_id', "'-'", 'charge_id']) }} as row_key,
    'gcp' as provider,
    billing_period,
    dataset,
    scope,
    delivery_id,
    'amortized' as effective_basis,
    case
        when charge_category <> 'Usage' or charge_part = 'unused' then null
        when list_cost is not null then 'stated'
        else 'assumed'
    end as list_basis,
    case
        when charge_category <> 'Usage' or charge_part = 'unused' then null
        -- such a row's cost is at the commitment's price
        when default_cost is null and is_covered = 1 and charge_part = 'charge' then 'assumed'
        else 'stated'
    end as contracted_basis,

    -- accounts
    billing_account_id,
    cast(null as {{ type_text() }}) as billing_account_name,
    'Billing Account' as billing_account_type,
    project_id as sub_account_id,
    case when project_id is not null then coalesce(project_name, project_id) end as sub_account_name,
    case when project_id is not null then 'Project' end as sub_account_type,
    currency as billing_currency,
    cast(null as {{ type_text() }}) as invoice_id,
    cast(null as {{ type_text() }}) as invoice_detail_id,
    case when transaction_type = 'THIRD_PARTY_AGENCY' then publisher else 'Google Cloud' end as invoice_issuer_name,
    'Google Cloud' as provider_name,
    publisher as publisher_name,
    publisher as service_provider_name,
    'Google Cloud' as host_provider_name,

    -- charge; a correction says so and comes on a later invoice than the usage it corrects
    charge_category,
    case
        when adjustment_type is not null and {{ month_of('usage_start_at') }} < billing_period then 'Correction'
    end as charge_class,
    case
        when charge_part = 'difference' then 'Usage covered by a commitment less the offset of its fee'
        else coalesce(sku_description, adjustment_description, cost_type)
    end as charge_description,
    case
        when charge_category = 'Usage' then 'Usage-Based'
        when charge_category = 'Purchase' then 'Recurring'
        else 'One-Time'
    end as charge_frequency,

    -- service
    coalesce(service_description, 'Google Cloud') as service_name,
    coalesce(by_id.service_category, by_name.service_category, 'Other') as service_category,
    coalesce(by_id.service_subcategory, by_name.service_subcategory, 'Other (Other)') as service_subcategory,

    -- sku
    case when charge_category <> 'Tax' then sku_id end as sku_id,
    case when charge_category <> 'Tax' and sku_id is not null then sku_description end as sku_meter,
    case
        when
            charge_category in ('Usage', 'Purchase')
            then {{ concat_texts(['sku_id', "'/'", "coalesce(consumption_model_id, 'default')"]) }}
    end as sku_price_id,
    cast(null as {{ type_text() }}) as sku_price_details,

    -- resource
    charged_resource_id as resource_id,
    case when charged_resource_id = resource_global_name then resource_name end as resource_name,
    case
        when charged_resource_id is null then null
        when charged_resource_id = commitment_id then 'Committed Use Discount'
        else coalesce({{ regexp_capture('resource_global_name', '/([^/]+)/[^/]+$') }}, 'Resource')
    end as resource_type,
    case when region <> 'global' then region end as region_id,
    case when region <> 'global' then coalesce(regions.region_name, region) end as region_name,
    zone as availability_zone,
    tags,

    -- commitment
    commitment_id as commitment_discount_id,
    case when commitment_id is not null then commitment_category end as commitment_discount_category,
    case when commitment_id is not null then 'Committed Use Discount' end as commitment_discount_type,
    case
        when commitment_id is null then null
        when is_commitment_fee = 1 then sku_description
        when consumption_model <> 'Default' then consumption_model
    end as commitment_discount_name,
    case
        when commitment_id is null or charge_category <> 'Usage' then null
        when charge_part = 'unused' then 'Unused'
        else 'Used'
    end as commitment_discount_status,
    case
        when commitment_id is null or charge_category not in ('Usage', 'Purchase') then null
        when commitment_category = 'Usage' then coalesce(pricing_amount, usage_amount)
        when charge_category = 'Purchase' then billed_cost
        else effective_cost
    end as commitment_discount_quantity,
    case
        when commitment_id is null or charge_category not in ('Usage', 'Purchase') then null
        when commitment_category = 'Usage' then coalesce(pricing_unit, usage_unit, 'Units')
        else currency
    end as commitment_discount_unit,
    cast(null as {{ type_text() }}) as commitment_program_eligibility_details,
    cast(null as {{ type_text() }}) as contract_applied,
    cast(null as {{ type_text() }}) as capacity_reservation_id,
    cast(null as {{ type_text() }}) as capacity_reservation_status,

    -- allocation
    case when namespace is not null and namespace not like 'kube:%' then 'GKE cost allocation' end
        as allocated_method_id,
    cast(null as {{ type_text() }}) as allocated_method_details,
    case
        when namespace is not null and namespace not like 'kube:%'
            then {{ concat_texts(['namespace', "'/'", "coalesce(workload, '')"]) }}
    end as allocated_resource_id,
    case when namespace is not null and namespace not like 'kube:%' then coalesce(workload, namespace) end
        as allocated_resource_name,
    cast(null as {{ type_text() }}) as allocated_tags,

    -- prices and quantities
    case
        when charge_category not in ('Usage', 'Purchase') then null
        when charge_part = 'unused' or is_covered = 1 then 'Committed'
        when sku_description like '%Preemptible%' then 'Dynamic'
        else 'Standard'
    end as pricing_category,
    pricing_quantity,
    case
        when pricing_quantity is null then null
        when charge_part = 'unused' and commitment_category = 'Spend' then currency
        else coalesce(pricing_unit, usage_unit, 'Units')
    end as pricing_unit,
    case when charge_category = 'Usage' and charge_part in ('charge', 'covered') then usage_amount end
        as consumed_quantity,
    case
        when
            charge_category = 'Usage' and charge_part in ('charge', 'covered') and usage_amount is not null
            then coalesce(usage_unit, 'Units')
    end as consumed_unit,
    {{ unit_price('list_amount', 'pricing_quantity') }} as list_unit_price,
    {{ unit_price('contracted_amount', 'pricing_quantity') }} as contracted_unit_price,
    currency as pricing_currency,
    {{ unit_price('list_amount', 'pricing_quantity') }} as pricing_currency_list_unit_price,
    {{ unit_price('contracted_amount', 'pricing_quantity') }} as pricing_currency_contracted_unit_price,

    -- costs
    {{ money('billed_cost') }} as billed_cost,
    {{ money('effective_cost') }} as effective_cost,
    {{ money('list_amount') }} as list_cost,
    {{ money('contracted_amount') }} as contracted_cost,
    {{ money('effective_cost') }} as pricing_currency_effective_cost,

    -- time; Google's invoice month begins at midnight in its own zone
    {{ pacific_midnight('billing_period') }} as billing_period_start,
    {{ pacific_midnight(add_to_date('month', 1, 'billing_period')) }} as billing_period_end,
    usage_start_at as charge_period_start,
    usage_end_at as charge_period_end
from priced
left join {{ ref('gcp_services') }} as by_id
    on priced.service_id = by_id.service_id
left join {{ ref('gcp_services') }} as by_name
    on lower(priced.service_description) = lower(by_name.service_name)
left join {{ ref('regions') }} as regions
    on regions.provider = 'gcp'
        and lower(priced.region) = regions.source_region
