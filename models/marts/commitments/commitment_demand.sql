select
    -- keys
    provider,
    billing_account_id,
    eligible_type as commitment_type,
    eligible_category as commitment_category,
    eligible_family as family,
    eligible_region_id as region_id,
    billing_currency,
    service_name,
    sku_meter as meter,
    commitment_discount_id,
    commitment_discount_type,

    -- when
    charge_period_start as period_start,
    cast({{ dbt.datediff(
        'charge_period_start', 'charge_period_end', 'hour'
    ) }} as {{ type_double() }}) as hours,

    -- measures
    {{ money('sum(contracted_cost)') }} as on_demand_cost,
    {{ money('sum(assumed_cost)') }} as assumed_cost,
    {{ money('sum(effective_cost)') }} as effective_cost,
    cast(sum(usage_hours) as {{ type_double() }}) as usage_quantity
from {{ ref('int_commitments__charges') }}
where coverage in ('used', 'on_demand')
    and eligible_type is not null
group by
    provider, billing_account_id, eligible_type, eligible_category, eligible_family, eligible_region_id,
    billing_currency, service_name, sku_meter, commitment_discount_id, commitment_discount_type, charge_period_start,
    charge_period_end
