{{ config(materialized='view') }}

-- Every charge with its center: the ledger beside what its attributes were matched to once.
with pools as (
    select distinct
        billing_period,
        pool_id
    from {{ ref('int_allocation__pools') }}
),

charges as (
    select
        row_key,
        provider,
        billing_period,
        dataset,
        scope,
        delivery_id,
        cast(charge_period_start as date) as charge_date,
        billing_account_id,
        sub_account_id,
        service_name,
        region_id,
        resource_id,
        resource_type,
        tags,
        allocated_tags,
        charge_category,
        commitment_discount_id,
        commitment_discount_status,
        billing_currency,
        billed_cost,
        effective_cost
    from {{ ref('cost_and_usage') }}
),

owned as (
    select
        charges.*,
        owners.rule_id,
        owners.cost_center_id as owner_id,
        {{ cost_kind('charges', 'pools') }} as cost_kind
    from charges
    inner join {{ ref('int_allocation__owners') }} as owners
        on charges.billing_period = owners.billing_period
            and {{ same_attributes('charges', 'owners') }}
    left join pools
        on charges.billing_period = pools.billing_period
            and owners.cost_center_id = pools.pool_id
)

select
    -- keys
    owned.row_key,
    owned.provider,
    owned.billing_period,
    owned.dataset,
    owned.scope,
    owned.delivery_id,

    -- dimensions
    owned.charge_date,
    owned.billing_account_id,
    owned.sub_account_id,
    owned.service_name,
    owned.region_id,
    owned.resource_id,
    owned.charge_category,
    owned.commitment_discount_id,

    -- who pays
    case
        when policies.policy = 'payer' then policies.payer_id
        else owned.owner_id
    end as cost_center_id,
    owned.owner_id,
    owned.rule_id,
    owned.cost_kind,
    coalesce(policies.policy, 'owner') as policy,

    -- measures
    owned.billing_currency,
    {{ money('owned.billed_cost') }} as billed_cost,
    {{ money('owned.effective_cost') }} as effective_cost
from owned
left join {{ ref('int_allocation__policies') }} as policies
    on owned.billing_period = policies.billing_period
        and owned.provider = policies.provider
        and owned.cost_kind = policies.cost_kind
