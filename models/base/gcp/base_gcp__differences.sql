{{ config(materialized='sliced', datasets=['gcp_detailed', 'gcp_standard']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- The offsets of an invoice month and the usage they pay for agree but for Google's rounding and for usage that arrives
-- late. What is left stands as an adjustment beside one of the rows, so that the ledger always adds up to the invoice.
-- Stored for the reason that base_gcp__pools is.
select
    'gcp' as provider,
    dataset,
    scope,
    billing_period,
    delivery_id,
    billing_account_id,
    currency,
    commitment_id,
    min(row_id) as row_id,
    cast(sum({{ money('case when is_covered = 1 then priced_cost else fee_offset end') }}) as {{ type_double() }})
        as cost
from {{ ref('base_gcp__usage') }}
where is_covered = 1
    or fee_offset <> 0
group by dataset, scope, billing_period, delivery_id, billing_account_id, currency, commitment_id
having abs(sum({{ money('case when is_covered = 1 then priced_cost else fee_offset end') }})) > 0.000000001
