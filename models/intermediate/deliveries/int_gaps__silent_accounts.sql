-- Accounts that used to cost money on most days and have cost none since, while their billing account went on. How long
-- the silence must be is measured by the account's own pauses, so that one that works on some days only is not silent.
-- An account that moved to another billing account or export goes on there.
with days as (
    select
        provider,
        sub_account_id,
        charge_date,
        lag(charge_date) over (partition by provider, sub_account_id order by charge_date) as previous_date,
        max(charge_date) over (partition by provider, sub_account_id) as last_charge_date
    from {{ ref('int_sources__usage_days') }}
    where sub_account_id is not null
        and effective_cost <> 0
    group by provider, sub_account_id, charge_date
),

habits as (
    select
        provider,
        sub_account_id,
        last_charge_date,
        count(*) as active_days,
        max({{ dbt.datediff('previous_date', 'charge_date', 'day') }}) as longest_pause
    from days
    where charge_date > {{ add_to_date('day', '-' ~ var('account_habit_days'), 'last_charge_date') }}
    group by provider, sub_account_id, last_charge_date
),

whole as (
    select
        provider,
        billing_account_id,
        max(complete_through) as complete_through
    from {{ ref('completeness') }}
    group by provider, billing_account_id
),

-- where it was seen last, and what it cost there
places as (
    select
        used.provider,
        used.dataset,
        used.scope,
        used.billing_account_id,
        used.sub_account_id,
        used.billing_currency,
        habits.last_charge_date,
        habits.active_days,
        habits.longest_pause,
        cast(sum(used.effective_cost) as {{ type_double() }}) / habits.active_days as typical_daily_cost
    from {{ ref('int_sources__usage_days') }} as used
    inner join habits
        on used.provider = habits.provider
            and used.sub_account_id = habits.sub_account_id
            and used.charge_date <= habits.last_charge_date
            and used.charge_date
            > {{ add_to_date('day', '-' ~ var('account_habit_days'), 'habits.last_charge_date') }}
    where used.effective_cost <> 0
    group by
        used.provider, used.dataset, used.scope, used.billing_account_id, used.sub_account_id,
        used.billing_currency, habits.last_charge_date, habits.active_days, habits.longest_pause
    having max(used.charge_date) = habits.last_charge_date
)

select
    places.provider,
    places.dataset,
    places.scope,
    places.billing_account_id,
    places.sub_account_id,
    places.billing_currency,
    {{ add_to_date('day', 1, 'places.last_charge_date') }} as missing_from,
    whole.complete_through as missing_through,
    places.last_charge_date,
    {{ money('places.typical_daily_cost') }} as typical_daily_cost
from places
inner join whole
    on places.provider = whole.provider
        and places.billing_account_id = whole.billing_account_id
where places.active_days >= {{ var('account_active_days') }}
    and {{ dbt.datediff('places.last_charge_date', 'whole.complete_through', 'day') }}
    >= {{ larger_of(var('account_silent_days'), '2 * places.longest_pause') }}
