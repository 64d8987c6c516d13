{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- The ledger in sums, kept by slice: what marts read at every run then costs what changed, not the whole history.
select
    -- keys
    provider,
    dataset,
    scope,
    billing_period,
    delivery_id,
    cast(charge_period_start as date) as charge_date,

    -- dimensions
    billing_account_id,
    sub_account_id,
    invoice_id,
    service_name,
    service_category,
    region_id,
    charge_category,
    billing_currency,
    list_basis,
    contracted_basis,

    -- measures
    cast(count(*) as {{ type_bigint() }}) as charges,
    cast(count(list_unit_price) as {{ type_bigint() }}) as list_rated_charges,
    cast(count(contracted_unit_price) as {{ type_bigint() }}) as contracted_rated_charges,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    sum(contracted_cost) as contracted_cost,
    sum(list_cost) as list_cost
from {{ ref('cost_and_usage') }}
group by
    provider, dataset, scope, billing_period, delivery_id, cast(charge_period_start as date), billing_account_id,
    sub_account_id, invoice_id, service_name, service_category, region_id, charge_category, billing_currency,
    list_basis, contracted_basis
