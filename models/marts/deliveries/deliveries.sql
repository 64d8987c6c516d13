with shadowed as (
    select
        accounts.delivery_id,
        accounts.provider,
        accounts.billing_period,
        min(case when shadows.billing_account_id is null then 0 else 1 end) as is_shadowed
    from {{ source('lake', 'delivery_accounts') }} as accounts
    inner join {{ source('lake', 'deliveries') }} as deliveries
        on accounts.delivery_id = deliveries.delivery_id
    left join {{ ref('int_deliveries__shadowed') }} as shadows
        on accounts.provider = shadows.provider
            and deliveries.dataset = shadows.dataset
            and deliveries.scope = shadows.scope
            and accounts.billing_period = shadows.billing_period
            and accounts.billing_account_id = shadows.billing_account_id
    group by accounts.delivery_id, accounts.provider, accounts.billing_period
)

select
    slices.delivery_id,
    slices.provider,
    slices.dataset,
    slices.scope,
    slices.billing_period,
    case
        when slices.is_current = 0 then 'superseded'
        when shadowed.is_shadowed = 1 then 'shadowed'
        when deliveries.restores is not null then 'restored'
        else 'current'
    end as status,
    slices.exported_at,
    slices.landed_at,
    cast(deliveries.files as {{ type_bigint() }}) as files,
    cast(slices.rows as {{ type_bigint() }}) as {{ adapter.quote('rows') }},
    cast(deliveries.bytes as {{ type_bigint() }}) as bytes,
    deliveries.unknown_columns,
    deliveries.source
from {{ source('lake', 'current_slices') }} as slices
inner join {{ source('lake', 'deliveries') }} as deliveries
    on slices.delivery_id = deliveries.delivery_id
left join shadowed
    on slices.delivery_id = shadowed.delivery_id
        and slices.provider = shadowed.provider
        and slices.billing_period = shadowed.billing_period
