{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- What commitments bought, covered and left unused, and the on-demand usage that one could cover. Dynamic is spot, and
-- what a marketplace sells is of no service that the seed names.
with charges as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        delivery_id,
        charge_period_start,
        charge_period_end,
        billing_account_id,
        service_name,
        sku_meter,
        region_id,
        billing_currency,
        commitment_discount_id,
        commitment_discount_type,
        commitment_discount_category,
        case
            when charge_category = 'Purchase' then 'purchased'
            when commitment_discount_id is null then 'on_demand'
            when commitment_discount_status = 'Unused' then 'unused'
            else 'used'
        end as coverage,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost,
        sum(contracted_cost) as contracted_cost,
        sum(case when contracted_basis = 'assumed' then contracted_cost else 0 end) as assumed_cost,
        sum(
            case when lower(pricing_unit) in ('hrs', 'hours', 'hour', '1 hour', '1/hour') then pricing_quantity end
        ) as usage_hours,
        sum(commitment_discount_quantity) as commitment_quantity
    from {{ ref('cost_and_usage') }}
    where (charge_category in ('Usage', 'Purchase') and commitment_discount_id is not null)
        or (charge_category = 'Usage' and pricing_category = 'Standard')
    group by
        provider, dataset, scope, billing_period, delivery_id, charge_period_start, charge_period_end,
        billing_account_id, service_name, sku_meter, region_id, billing_currency, commitment_discount_id,
        commitment_discount_type, commitment_discount_category,
        case
            when charge_category = 'Purchase' then 'purchased'
            when commitment_discount_id is null then 'on_demand'
            when commitment_discount_status = 'Unused' then 'unused'
            else 'used'
        end
),

meters as (
    select distinct
        provider,
        service_name,
        coalesce(sku_meter, '') as meter
    from charges
),

matches as (
    select
        meters.provider,
        meters.service_name,
        meters.meter,
        eligibility.commitment_type,
        eligibility.commitment_category,
        eligibility.is_regional,
        case when eligibility.family = '*' then meters.meter else eligibility.family end as family,
        row_number() over (
            partition by meters.provider, meters.service_name, meters.meter
            order by eligibility.priority, eligibility.service_name, eligibility.meter
        ) as place
    from meters
    inner join {{ ref('commitment_eligibility') }} as eligibility
        on meters.provider = eligibility.provider
            and lower(meters.service_name) like lower(eligibility.service_name)
            and lower(meters.meter) like lower(eligibility.meter)
)

select
    -- keys
    charges.provider,
    charges.dataset,
    charges.scope,
    charges.billing_period,
    charges.delivery_id,
    charges.charge_period_start,
    charges.charge_period_end,

    -- dimensions
    charges.billing_account_id,
    charges.service_name,
    charges.sku_meter,
    charges.region_id,
    charges.billing_currency,
    charges.commitment_discount_id,
    charges.commitment_discount_type,
    charges.commitment_discount_category,
    charges.coverage,
    matches.commitment_type as eligible_type,
    matches.commitment_category as eligible_category,
    matches.family as eligible_family,
    case when matches.is_regional = 1 then charges.region_id end as eligible_region_id,

    -- measures
    charges.billed_cost,
    charges.effective_cost,
    charges.contracted_cost,
    charges.assumed_cost,
    charges.usage_hours,
    charges.commitment_quantity
from charges
left join matches
    on charges.provider = matches.provider
        and charges.service_name = matches.service_name
        and coalesce(charges.sku_meter, '') = matches.meter
        and matches.place = 1
where charges.coverage <> 'on_demand'
    or matches.commitment_type is not null
