-- Sources whose newest usage lies well behind the newest of the lake. One with a daily arrival pattern is late after a
-- week; of another, monthly bills perhaps, nothing is known and it may be a month and a half behind. A source is not
-- silent when its billing accounts go on in another export.
with accounts as (
    select
        provider,
        dataset,
        scope,
        billing_account_id,
        max(charge_date) as last_charge_date
    from {{ ref('int_sources__usage_days') }}
    group by provider, dataset, scope, billing_account_id
),

followed as (
    select
        *,
        max(last_charge_date) over (partition by provider, billing_account_id) as account_last_date
    from accounts
),

sources as (
    select
        provider,
        dataset,
        scope,
        max(last_charge_date) as last_charge_date,
        max(account_last_date) as accounts_last_date
    from followed
    group by provider, dataset, scope
),

compared as (
    select
        *,
        max(last_charge_date) over () as newest_date
    from sources
)

select
    compared.provider,
    compared.dataset,
    compared.scope,
    {{ add_to_date('day', 1, 'compared.last_charge_date') }} as missing_from,
    compared.newest_date as missing_through,
    compared.last_charge_date
from compared
left join {{ ref('int_sources__lags') }} as patterns
    on compared.provider = patterns.provider
        and compared.dataset = patterns.dataset
        and compared.scope = patterns.scope
where compared.accounts_last_date = compared.last_charge_date
    and {{ dbt.datediff('compared.last_charge_date', 'compared.newest_date', 'day') }}
    > case
        when patterns.lag_days is null then {{ var('source_silent_days') }}
        else {{ var('daily_source_silent_days') }}
    end
