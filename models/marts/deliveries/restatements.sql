-- Why a month's bill moved: each delivery of a slice against the one before it that the ledger held.
with states as (
    select * from {{ ref('int_deliveries__states') }}
),

deliveries as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        delivery_id,
        exported_at,
        mapping,
        row_number() over (
            partition by provider, dataset, scope, billing_period
            order by exported_at, landed_at, delivery_id
        ) as place
    from states
    group by provider, dataset, scope, billing_period, delivery_id, exported_at, landed_at, mapping
),

steps as (
    select
        newer.provider,
        newer.dataset,
        newer.scope,
        newer.billing_period,
        newer.delivery_id,
        older.delivery_id as previous_delivery_id,
        newer.exported_at,
        older.exported_at as previous_exported_at,
        case when newer.mapping <> older.mapping then 1 else 0 end as is_remapped
    from deliveries as newer
    inner join deliveries as older
        on newer.provider = older.provider
            and newer.dataset = older.dataset
            and newer.scope = older.scope
            and newer.billing_period = older.billing_period
            and newer.place = older.place + 1
),

sides as (
    select
        steps.*,
        states.billing_account_id,
        states.sub_account_id,
        states.service_name,
        states.charge_category,
        states.billing_currency,
        states.charges,
        states.billed_cost,
        states.effective_cost,
        case when states.delivery_id = steps.delivery_id then 1 else 0 end as is_newer
    from steps
    inner join states
        on steps.provider = states.provider
            and steps.dataset = states.dataset
            and steps.scope = states.scope
            and steps.billing_period = states.billing_period
            and states.delivery_id in (steps.delivery_id, steps.previous_delivery_id)
),

compared as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        delivery_id,
        previous_delivery_id,
        exported_at,
        previous_exported_at,
        is_remapped,
        billing_account_id,
        sub_account_id,
        service_name,
        charge_category,
        billing_currency,
        sum(case when is_newer = 0 then charges else 0 end) as previous_charges,
        sum(case when is_newer = 1 then charges else 0 end) as charges,
        sum(case when is_newer = 0 then billed_cost else 0 end) as previous_billed_cost,
        sum(case when is_newer = 1 then billed_cost else 0 end) as billed_cost,
        sum(case when is_newer = 0 then effective_cost else 0 end) as previous_effective_cost,
        sum(case when is_newer = 1 then effective_cost else 0 end) as effective_cost
    from sides
    group by
        provider, dataset, scope, billing_period, delivery_id, previous_delivery_id, exported_at, previous_exported_at,
        is_remapped, billing_account_id, sub_account_id, service_name, charge_category, billing_currency
)

select
    -- which step
    provider,
    dataset,
    scope,
    billing_period,
    delivery_id,
    previous_delivery_id,
    exported_at,
    previous_exported_at,
    cast(is_remapped as {{ type_boolean() }}) as is_remapped,

    -- of what
    billing_account_id,
    sub_account_id,
    service_name,
    charge_category,
    billing_currency,

    -- by how much
    cast(previous_charges as {{ type_bigint() }}) as previous_charges,
    cast(charges as {{ type_bigint() }}) as charges,
    {{ money('previous_billed_cost') }} as previous_billed_cost,
    {{ money('billed_cost') }} as billed_cost,
    {{ money('billed_cost - previous_billed_cost') }} as billed_change_cost,
    {{ money('previous_effective_cost') }} as previous_effective_cost,
    {{ money('effective_cost') }} as effective_cost,
    {{ money('effective_cost - previous_effective_cost') }} as effective_change_cost
from compared
where charges <> previous_charges
    or billed_cost <> previous_billed_cost
    or effective_cost <> previous_effective_cost
