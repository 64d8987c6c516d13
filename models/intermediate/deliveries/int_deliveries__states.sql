{{ config(materialized='recorded') }}
-- depends_on: {{ ref('int_deliveries__slices') }}
-- depends_on: {{ source('lake', 'current_slices') }}

-- What the ledger said of each slice while a delivery was its newest, by account, service and charge category.
select
    provider,
    dataset,
    scope,
    billing_period,
    billing_account_id,
    sub_account_id,
    service_name,
    charge_category,
    billing_currency,
    cast(sum(charges) as {{ type_bigint() }}) as charges,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost
from {{ ref('int_charges__summed') }}
group by
    provider, dataset, scope, billing_period, billing_account_id, sub_account_id, service_name, charge_category,
    billing_currency
