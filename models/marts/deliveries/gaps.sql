-- Each kind leaves null what it cannot say; none reads the clock.
select
    'missing_month' as gap_kind,
    provider,
    dataset,
    scope,
    billing_account_id,
    cast(null as {{ type_text() }}) as sub_account_id,
    cast(null as {{ type_text() }}) as billing_currency,
    missing_from,
    missing_through,
    last_charge_date,
    {{ money('null') }} as typical_daily_cost
from {{ ref('int_gaps__missing_months') }}
union all
select
    'silent_account' as gap_kind,
    provider,
    dataset,
    scope,
    billing_account_id,
    sub_account_id,
    billing_currency,
    missing_from,
    missing_through,
    last_charge_date,
    typical_daily_cost
from {{ ref('int_gaps__silent_accounts') }}
union all
select
    'silent_source' as gap_kind,
    provider,
    dataset,
    scope,
    cast(null as {{ type_text() }}) as billing_account_id,
    cast(null as {{ type_text() }}) as sub_account_id,
    cast(null as {{ type_text() }}) as billing_currency,
    missing_from,
    missing_through,
    last_charge_date,
    {{ money('null') }} as typical_daily_cost
from {{ ref('int_gaps__silent_sources') }}
