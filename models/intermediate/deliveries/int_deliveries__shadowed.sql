-- One bill enters once: of the exports that bill the same account and period, the preferred dataset wins, then the
-- scope that landed first. Azure's actual and amortized files share a rank and a scope, so both enter. Invoices bill
-- nothing, so they rank among themselves.
with current_accounts as (
    select
        slices.provider,
        slices.dataset,
        slices.scope,
        slices.billing_period,
        accounts.billing_account_id
    from {{ source('lake', 'current_slices') }} as slices
    inner join {{ source('lake', 'delivery_accounts') }} as accounts
        on slices.delivery_id = accounts.delivery_id
            and slices.provider = accounts.provider
            and slices.billing_period = accounts.billing_period
    where slices.is_current = 1
    group by slices.provider, slices.dataset, slices.scope, slices.billing_period, accounts.billing_account_id
),

scopes as (
    select
        scope,
        case when dataset = 'invoices' then 1 else 0 end as is_invoice,
        min(landed_at) as first_landed_at
    from {{ source('lake', 'deliveries') }}
    group by scope, case when dataset = 'invoices' then 1 else 0 end
),

ranked as (
    select
        current_accounts.provider,
        current_accounts.dataset,
        current_accounts.scope,
        current_accounts.billing_period,
        current_accounts.billing_account_id,
        rank() over (
            partition by
                current_accounts.provider, current_accounts.billing_account_id, current_accounts.billing_period,
                scopes.is_invoice
            order by coalesce(preferences.preference, 99), scopes.first_landed_at, current_accounts.scope
        ) as preference_rank
    from current_accounts
    left join {{ ref('export_preference') }} as preferences
        on current_accounts.provider = preferences.provider
            and current_accounts.dataset = preferences.dataset
    inner join scopes
        on current_accounts.scope = scopes.scope
            and case when current_accounts.dataset = 'invoices' then 1 else 0 end = scopes.is_invoice
)

select
    provider,
    dataset,
    scope,
    billing_period,
    billing_account_id
from ranked
where preference_rank > 1
