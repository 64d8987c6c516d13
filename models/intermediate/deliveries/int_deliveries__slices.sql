-- What each slice of the ledger is made of. The stamp changes exactly when the slice's rows would: another delivery,
-- another part of one superseded, an account shadowed, or Azure's other half appearing or going.
with current_slices as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        delivery_id,
        slices.rows as raw_rows
    from {{ source('lake', 'current_slices') }} as slices
    where is_current = 1
        and dataset <> 'invoices' -- they are held against the ledger, and no part of it
),

delivery_lists as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        {{ dbt.listagg('delivery_id', "','", 'order by delivery_id') }} as delivery_ids,
        sum(raw_rows) as raw_rows
    from current_slices
    group by provider, dataset, scope, billing_period
),

supersessions as (
    select
        slices.provider,
        slices.dataset,
        slices.scope,
        slices.billing_period,
        {{ dbt.listagg('superseded.superseded_by', "','", 'order by superseded.superseded_by') }} as superseded_by
    from current_slices as slices
    inner join {{ ref('int_deliveries__superseded_exports') }} as superseded
        on slices.delivery_id = superseded.delivery_id
            and slices.billing_period = superseded.billing_period
    group by slices.provider, slices.dataset, slices.scope, slices.billing_period
),

shadows as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        {{ dbt.listagg('billing_account_id', "','", 'order by billing_account_id') }} as shadowed_accounts
    from {{ ref('int_deliveries__shadowed') }}
    group by provider, dataset, scope, billing_period
),

stamped as (
    select
        lists.provider,
        lists.dataset,
        lists.scope,
        lists.billing_period,
        lists.delivery_ids,
        lists.raw_rows,
        case when pairs.dataset is null then 0 else 1 end as has_pair,
        {{ concat_texts([
            'lists.delivery_ids', "'|'", "coalesce(supersessions.superseded_by, '')", "'|'",
            "coalesce(shadows.shadowed_accounts, '')", "'|'", "coalesce(pairs.dataset, '')",
        ]) }} as stamp
    from delivery_lists as lists
    left join supersessions
        on lists.provider = supersessions.provider
            and lists.dataset = supersessions.dataset
            and lists.scope = supersessions.scope
            and lists.billing_period = supersessions.billing_period
    left join shadows
        on lists.provider = shadows.provider
            and lists.dataset = shadows.dataset
            and lists.scope = shadows.scope
            and lists.billing_period = shadows.billing_period
    left join delivery_lists as pairs
        on lists.provider = pairs.provider
            and lists.scope = pairs.scope
            and lists.billing_period = pairs.billing_period
            and lists.dataset in ('azure_actual', 'azure_amortized')
            and pairs.dataset in ('azure_actual', 'azure_amortized')
            and lists.dataset <> pairs.dataset
)

select * from stamped
