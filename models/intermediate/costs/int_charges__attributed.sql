{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- Money of the ledger by all that an allocation rule or a KPI can read, kept by slice: rules then meet each combination
-- of attributes once, however many days and rows it has.
select
    -- keys
    provider,
    dataset,
    scope,
    billing_period,
    delivery_id,

    -- what rules read
    billing_account_id,
    sub_account_id,
    service_name,
    region_id,
    resource_id,
    resource_type,
    tags,
    allocated_tags,

    -- what kind of cost it is
    charge_category,
    pricing_category,
    commitment_discount_id,
    commitment_discount_status,
    list_basis,
    contracted_basis,
    billing_currency,

    -- measures
    cast(count(*) as {{ type_bigint() }}) as charges,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    sum(contracted_cost) as contracted_cost,
    sum(list_cost) as list_cost
from {{ ref('cost_and_usage') }}
group by
    provider, dataset, scope, billing_period, delivery_id, billing_account_id, sub_account_id, service_name, region_id,
    resource_id, resource_type, tags, allocated_tags, charge_category, pricing_category, commitment_discount_id,
    commitment_discount_status, list_basis, contracted_basis, billing_currency
