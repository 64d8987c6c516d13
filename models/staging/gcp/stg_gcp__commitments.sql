{{ config(datasets=['gcp_detailed', 'gcp_standard']) }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- What Google's fees say of their commitment's term, and no FOCUS column holds: its length, in the words of the SKU.
-- The export tells no start, no end and no total.
select
    'gcp' as provider,
    billing_period,
    dataset,
    scope,
    delivery_id,
    commitment_id as commitment_discount_id,
    max(
        cast({{ regexp_capture('lower(sku_description)', '([0-9]+) *-?year') }} as {{ type_integer() }})
    ) * 12 as term_months,
    cast(null as {{ type_text() }}) as payment_option,
    cast(null as {{ type_timestamp() }}) as starts_at,
    cast(null as {{ type_timestamp() }}) as ends_at,
    {{ money('null') }} as commitment_cost,
    cast(null as {{ type_double() }}) as commitment_quantity
from {{ ref('base_gcp__charges') }}
where commitment_id is not null
group by billing_period, dataset, scope, delivery_id, commitment_id
