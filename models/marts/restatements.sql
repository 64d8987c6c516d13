-- Why a month's bill moved: each delivery of a slice against the one before it that the ledger held.
with states as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        delivery_id,
        mapping,
        exported_at,
        landed_at
    from {{ ref('int_deliveries__states') }}
    group by provider, dataset, scope, billing_period, delivery_id, mapping, exported_at, landed_at
),

steps as (
    select
        *,
        lag(delivery_id) over (
            partition by provider, dataset, scope, billing_period
            order by exported_at, landed_at, delivery_id
        ) as previous_delivery_id,
        lag(exported_at) over (
            partition by provider, dataset, scope, billing_period
            order by exported_at, landed_at, delivery_id
        ) as previous_exported_at,
        lag(mapping) over (
            partition by provider, dataset, scope, billing_period
            order by exported_at, landed_at, delivery_id
        ) as previous_mapping
    from states
),

sides as (
    select
        steps.delivery_id as step_delivery_id,
        1 as is_after,
        newer.*
    from steps
    inner join {{ ref('int_deliveries__states') }} as newer
        on steps.provider = newer.provider
            and steps.dataset = newer.dataset
            and steps.scope = newer.scope
            and steps.billing_period = newer.billing_period
            and steps.delivery_id = newer.delivery_id
    where steps.previous_delivery_id is not null
    union all
    select
        steps.delivery_id as step_delivery_id,
        0 as is_after,
        older.*
    from steps
    inner join {{ ref('int_deliveries__states') }} as older
        on steps.provider = older.provider
            and steps.dataset = older.dataset
            and steps.scope = older.scope
            and steps.billing_period = older.billing_period
            and steps.previous_delivery_id = older.delivery_id
),

compared as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        step_delivery_id,
        billing_account_id,
        sub_account_id,
        service_name,
        charge_category,
        billing_currency,
        sum(case when is_after = 0 then charges else 0 end) as previous_charges,
        sum(case when is_after = 1 then charges else 0 end) as charges,
        sum(case when is_after = 0 then billed_cost else 0 end) as previous_billed_cost,
        sum(case when is_after = 1 then billed_cost else 0 end) as billed_cost,
        sum(case when is_after = 0 then effective_cost else 0 end) as previous_effective_cost,
        sum(case when is_after = 1 then effective_cost else 0 end) as effective_cost
    from sides
    group by
        provider, dataset, scope, billing_period, step_delivery_id, billing_account_id, sub_account_id, service_name,
        charge_category, billing_currency
)

select
    -- which step
    compared.provider,
    compared.dataset,
    compared.scope,
    compared.billing_period,
    compared.step_delivery_id as delivery_id,
    steps.previous_delivery_id,
    steps.exported_at,
    steps.previous_exported_at,
    cast(case when steps.mapping <> steps.previous_mapping then 1 else 0 end as boolean) as is_remapped,

    -- of what
    compared.billing_account_id,
    compared.sub_account_id,
    compared.service_name,
    compared.charge_category,
    compared.billing_currency,

    -- by how much
    cast(compared.previous_charges as bigint) as previous_charges,
    cast(compared.charges as bigint) as charges,
    {{ money('compared.previous_billed_cost') }} as previous_billed_cost,
    {{ money('compared.billed_cost') }} as billed_cost,
    {{ money('compared.billed_cost - compared.previous_billed_cost') }} as billed_change_cost,
    {{ money('compared.previous_effective_cost') }} as previous_effective_cost,
    {{ money('compared.effective_cost') }} as effective_cost,
    {{ money('compared.effective_cost - compared.previous_effective_cost') }} as effective_change_cost
from compared
inner join steps
    on compared.provider = steps.provider
        and compared.dataset = steps.dataset
        and compared.scope = steps.scope
        and compared.billing_period = steps.billing_period
        and compared.step_delivery_id = steps.delivery_id
where compared.charges <> compared.previous_charges
    or compared.billed_cost <> compared.previous_billed_cost
    or compared.effective_cost <> compared.previous_effective_cost
