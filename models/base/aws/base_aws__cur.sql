-- The legacy report in the same shape: slashed names, and each tag a column (packed by the raw view).
select
    -- provenance
    delivery_id,
    row_id,
    'cur' as dataset,
    scope,
    {{ month_of("cast(\"bill/BillingPeriodStartDate\" as timestamp)") }} as billing_period,

    -- identities and descriptions; exports write a missing text as '' or as null
    nullif("bill/BillType", '') as bill_bill_type,
    nullif("bill/BillingEntity", '') as bill_billing_entity,
    nullif("bill/InvoiceId", '') as bill_invoice_id,
    nullif("bill/InvoicingEntity", '') as bill_invoicing_entity,
    nullif("bill/PayerAccountId", '') as bill_payer_account_id,
    nullif("lineItem/UsageAccountId", '') as line_item_usage_account_id,
    nullif("lineItem/LineItemType", '') as line_item_line_item_type,
    nullif("lineItem/LineItemDescription", '') as line_item_line_item_description,
    nullif("lineItem/ProductCode", '') as line_item_product_code,
    nullif("lineItem/UsageType", '') as line_item_usage_type,
    nullif("lineItem/Operation", '') as line_item_operation,
    nullif("lineItem/ResourceId", '') as line_item_resource_id,
    nullif("lineItem/AvailabilityZone", '') as line_item_availability_zone,
    nullif("lineItem/LegalEntity", '') as line_item_legal_entity,
    nullif("lineItem/TaxType", '') as line_item_tax_type,
    nullif("lineItem/CurrencyCode", '') as line_item_currency_code,
    nullif("pricing/PurchaseOption", '') as pricing_purchase_option,
    nullif("pricing/RateCode", '') as pricing_rate_code,
    nullif("pricing/term", '') as pricing_term,
    nullif("pricing/unit", '') as pricing_unit,
    nullif("product/instanceFamily", '') as product_instance_family,
    nullif("product/instanceType", '') as product_instance_type,
    nullif("product/location", '') as product_location,
    nullif("product/productFamily", '') as product_product_family,
    nullif("product/regionCode", '') as product_region_code,
    nullif("product/sku", '') as product_sku,
    nullif("reservation/ReservationARN", '') as reservation_reservation_a_r_n,
    nullif("savingsPlan/SavingsPlanARN", '') as savings_plan_savings_plan_a_r_n,
    nullif("savingsPlan/OfferingType", '') as savings_plan_offering_type,
    cast(null as varchar) as bill_payer_account_name,
    cast(null as varchar) as line_item_usage_account_name,
    nullif("capacityReservation/CapacityReservationArn", '') as capacity_reservation_capacity_reservation_arn,
    nullif("capacityReservation/CapacityReservationStatus", '') as capacity_reservation_capacity_reservation_status,
    nullif("product/ProductName", '') as product_name,
    case
        when resource_tags = '{}' then null
        when resource_tags like '%"user#_%' escape '#'
            then {{ strip_key_prefix('resource_tags', 'user[:_]') }}
        -- where every key starts with user: plain replaces do what strip_key_prefix would, several times as fast
        else replace(replace(resource_tags, '{"user:', '{"'), ',"user:', ',"')
    end as tags,

    -- time
    cast("lineItem/UsageStartDate" as timestamp) as line_item_usage_start_date,
    cast("lineItem/UsageEndDate" as timestamp) as line_item_usage_end_date,

    -- costs and quantities
    cast("lineItem/UsageAmount" as double) as line_item_usage_amount,
    cast("lineItem/UnblendedCost" as double) as line_item_unblended_cost,
    cast("lineItem/NetUnblendedCost" as double) as line_item_net_unblended_cost,
    cast("pricing/publicOnDemandCost" as double) as pricing_public_on_demand_cost,
    cast("reservation/EffectiveCost" as double) as reservation_effective_cost,
    cast("reservation/NetEffectiveCost" as double) as reservation_net_effective_cost,
    cast("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod" as double)
        as reservation_unused_amortized_upfront_fee_for_billing_period,
    cast("reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod" as double)
        as reservation_net_unused_amortized_upfront_fee_for_billing_period,
    cast("reservation/UnusedRecurringFee" as double) as reservation_unused_recurring_fee,
    cast("reservation/NetUnusedRecurringFee" as double) as reservation_net_unused_recurring_fee,
    cast("reservation/UnusedQuantity" as double) as reservation_unused_quantity,
    cast("savingsPlan/SavingsPlanEffectiveCost" as double) as savings_plan_savings_plan_effective_cost,
    cast("savingsPlan/NetSavingsPlanEffectiveCost" as double) as savings_plan_net_savings_plan_effective_cost,
    cast("savingsPlan/RecurringCommitmentForBillingPeriod" as double)
        as savings_plan_recurring_commitment_for_billing_period,
    cast("savingsPlan/NetRecurringCommitmentForBillingPeriod" as double)
        as savings_plan_net_recurring_commitment_for_billing_period,
    cast("savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod" as double)
        as savings_plan_net_amortized_upfront_commitment_for_billing_period,
    cast("savingsPlan/TotalCommitmentToDate" as double) as savings_plan_total_commitment_to_date,
    cast("savingsPlan/UsedCommitment" as double) as savings_plan_used_commitment,

    -- shares of an instance that containers used
    nullif("splitLineItem/ParentResourceId", '') as split_line_item_parent_resource_id,
    cast("splitLineItem/SplitCost" as double) as split_line_item_split_cost,
    cast("splitLineItem/UnusedCost" as double) as split_line_item_unused_cost,
    cast("splitLineItem/SplitUsage" as double) as split_line_item_split_usage,
    cast("splitLineItem/SplitUsageRatio" as double) as split_line_item_split_usage_ratio
from {{ source('aws', 'cur') }}
