-- What a day costs more from the day on which a commitment ends: covered usage goes back to its price before
-- commitments, and what the commitment paid for unused costs nothing. Over the last four weeks that are whole; a
-- commitment is used or unused on each of its days, so its days are those with charges.
with ending as (
    select
        provider,
        commitment_discount_id,
        cast(ends_at as date) as expires_on
    from {{ ref('int_commitments__described') }}
    where ends_at is not null
),

whole as (
    select
        provider,
        billing_account_id,
        min(complete_through) as complete_through
    from {{ ref('completeness') }}
    group by provider, billing_account_id
),

charges as (
    select
        ledger.provider,
        ledger.sub_account_id,
        ledger.service_name,
        ledger.billing_currency,
        ledger.commitment_discount_id,
        ending.expires_on,
        cast(ledger.charge_period_start as date) as charge_date,
        case when ledger.commitment_discount_status = 'Unused' then 0 else ledger.contracted_cost end
        - ledger.effective_cost as saved_cost
    from {{ ref('cost_and_usage') }} as ledger
    inner join ending
        on ledger.provider = ending.provider
            and ledger.commitment_discount_id = ending.commitment_discount_id
    inner join whole
        on ledger.provider = whole.provider
            and ledger.billing_account_id = whole.billing_account_id
    where ledger.charge_category = 'Usage'
        and ending.expires_on > whole.complete_through
        and cast(ledger.charge_period_start as date) <= whole.complete_through
        and cast(ledger.charge_period_start as date) > {{ add_to_date('day', -28, 'whole.complete_through') }}
),

lives as (
    select
        provider,
        commitment_discount_id,
        count(distinct charge_date) as days
    from charges
    group by provider, commitment_discount_id
),

series as (
    select distinct
        series_id,
        provider,
        sub_account_id,
        service_name,
        billing_currency
    from {{ ref('cost_series') }}
)

select
    -- keys
    series.series_id,
    charges.expires_on,

    -- measures
    series.billing_currency,
    {{ money('sum(cast(charges.saved_cost as ' ~ type_double() ~ ') / lives.days)') }} as daily_change
from charges
inner join lives
    on charges.provider = lives.provider
        and charges.commitment_discount_id = lives.commitment_discount_id
inner join series
    on charges.provider = series.provider
        and coalesce(charges.sub_account_id, '') = coalesce(series.sub_account_id, '')
        and coalesce(charges.service_name, '') = coalesce(series.service_name, '')
        and charges.billing_currency = series.billing_currency
group by series.series_id, charges.expires_on, series.billing_currency
