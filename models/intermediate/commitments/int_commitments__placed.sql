{{ config(materialized='view') }}

-- Every charge of a commitment and every eligible one under the type, family and region that it counts for. A covered
-- or unused charge stands where its commitment does, what is on demand where the next commitment would.
select
    -- keys
    charges.provider,
    charges.dataset,
    charges.scope,
    charges.billing_period,
    charges.charge_period_start,
    charges.charge_period_end,
    cast(charges.charge_period_start as date) as charge_date,

    -- dimensions
    charges.billing_account_id,
    charges.billing_currency,
    coalesce(charges.commitment_discount_type, charges.eligible_type) as commitment_type,
    coalesce(charges.commitment_discount_category, charges.eligible_category) as commitment_category,
    coalesce(families.family, charges.eligible_family) as family,
    case when families.commitment_discount_category = 'Usage' then families.region_id else charges.region_id end
        as region_id,
    charges.sku_meter,
    charges.commitment_discount_id,
    charges.coverage,

    -- measures
    charges.billed_cost,
    charges.effective_cost,
    charges.contracted_cost,
    charges.assumed_cost,
    charges.usage_hours,
    charges.commitment_quantity
from {{ ref('int_commitments__charges') }} as charges
left join {{ ref('int_commitments__families') }} as families
    on charges.provider = families.provider
        and charges.commitment_discount_id = families.commitment_discount_id
