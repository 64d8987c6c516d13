-- The legacy report in the same shape; each of its tags is a column (packed by the raw view).
select
    -- provenance
    delivery_id,
    row_id,
    'cur' as dataset,
    scope,
    {{ month_of('bill_billing_period_start_date') }} as billing_period,

    -- identities and descriptions; exports write a missing text as '' or as null
    nullif(bill_bill_type, '') as bill_bill_type,
    nullif(bill_billing_entity, '') as bill_billing_entity,
    nullif(bill_invoice_id, '') as bill_invoice_id,
    nullif(bill_invoicing_entity, '') as bill_invoicing_entity,
    nullif(bill_payer_account_id, '') as bill_payer_account_id,
    nullif(line_item_usage_account_id, '') as line_item_usage_account_id,
    nullif(line_item_line_item_type, '') as line_item_line_item_type,
    nullif(line_item_line_item_description, '') as line_item_line_item_description,
    nullif(line_item_product_code, '') as line_item_product_code,
    nullif(line_item_usage_type, '') as line_item_usage_type,
    nullif(line_item_operation, '') as line_item_operation,
    nullif(line_item_resource_id, '') as line_item_resource_id,
    nullif(line_item_availability_zone, '') as line_item_availability_zone,
    nullif(line_item_legal_entity, '') as line_item_legal_entity,
    nullif(line_item_tax_type, '') as line_item_tax_type,
    nullif(line_item_currency_code, '') as line_item_currency_code,
    nullif(pricing_purchase_option, '') as pricing_purchase_option,
    nullif(pricing_rate_code, '') as pricing_rate_code,
    nullif(pricing_term, '') as pricing_term,
    nullif(pricing_unit, '') as pricing_unit,
    nullif(product_instance_family, '') as product_instance_family,
    nullif(product_instance_type, '') as product_instance_type,
    nullif(product_location, '') as product_location,
    nullif(product_product_family, '') as product_product_family,
    nullif(product_region_code, '') as product_region_code,
    nullif(product_sku, '') as product_sku,
    nullif(reservation_reservation_a_r_n, '') as reservation_reservation_a_r_n,
    nullif(savings_plan_savings_plan_a_r_n, '') as savings_plan_savings_plan_a_r_n,
    nullif(savings_plan_offering_type, '') as savings_plan_offering_type,
    cast(null as {{ type_text() }}) as bill_payer_account_name,
    cast(null as {{ type_text() }}) as line_item_usage_account_name,
    nullif(capacity_reservation_capacity_reservation_arn, '') as capacity_reservation_capacity_reservation_arn,
    nullif(capacity_reservation_capacity_reservation_status, '') as capacity_reservation_capacity_reservation_status,
    nullif(product_product_name, '') as product_name,
    nullif(resource_tags, '{}') as tags,

    -- time
    cast(line_item_usage_start_date as {{ type_timestamp() }}) as line_item_usage_start_date,
    cast(line_item_usage_end_date as {{ type_timestamp() }}) as line_item_usage_end_date,

    -- costs and quantities
    cast(line_item_usage_amount as {{ type_double() }}) as line_item_usage_amount,
    cast(line_item_unblended_cost as {{ type_double() }}) as line_item_unblended_cost,
    cast(line_item_net_unblended_cost as {{ type_double() }}) as line_item_net_unblended_cost,
    cast(pricing_public_on_demand_cost as {{ type_double() }}) as pricing_public_on_demand_cost,
    cast(reservation_effective_cost as {{ type_double() }}) as reservation_effective_cost,
    cast(reservation_net_effective_cost as {{ type_double() }}) as reservation_net_effective_cost,
    cast(reservation_unused_amortized_upfront_fee_for_billing_period as {{ type_double() }})
        as reservation_unused_amortized_upfront_fee_for_billing_period,
    cast(reservation_net_unused_amortized_upfront_fee_for_billing_period as {{ type_double() }})
        as reservation_net_unused_amortized_upfront_fee_for_billing_period,
    cast(reservation_unused_recurring_fee as {{ type_double() }}) as reservation_unused_recurring_fee,
    cast(reservation_net_unused_recurring_fee as {{ type_double() }}) as reservation_net_unused_recurring_fee,
    cast(reservation_unused_quantity as {{ type_double() }}) as reservation_unused_quantity,
    cast(savings_plan_savings_plan_effective_cost as {{ type_double() }}) as savings_plan_savings_plan_effective_cost,
    cast(savings_plan_net_savings_plan_effective_cost as {{ type_double() }})
        as savings_plan_net_savings_plan_effective_cost,
    cast(savings_plan_recurring_commitment_for_billing_period as {{ type_double() }})
        as savings_plan_recurring_commitment_for_billing_period,
    cast(savings_plan_net_recurring_commitment_for_billing_period as {{ type_double() }})
        as savings_plan_net_recurring_commitment_for_billing_period,
    cast(savings_plan_net_amortized_upfront_commitment_for_billing_period as {{ type_double() }})
        as savings_plan_net_amortized_upfront_commitment_for_billing_period,
    cast(savings_plan_total_commitment_to_date as {{ type_double() }}) as savings_plan_total_commitment_to_date,
    cast(savings_plan_used_commitment as {{ type_double() }}) as savings_plan_used_commitment,

    -- shares of an instance that containers used
    nullif(split_line_item_parent_resource_id, '') as split_line_item_parent_resource_id,
    cast(split_line_item_split_cost as {{ type_double() }}) as split_line_item_split_cost,
    cast(split_line_item_unused_cost as {{ type_double() }}) as split_line_item_unused_cost,
    cast(split_line_item_split_usage as {{ type_double() }}) as split_line_item_split_usage,
    cast(split_line_item_split_usage_ratio as {{ type_double() }}) as split_line_item_split_usage_ratio
from {{ source('aws', 'cur') }}
