-- A rate that is zero, or of something that is no pair of currency codes, converts to nonsense.
select
    rate_date,
    from_currency,
    to_currency,
    rate
from {{ ref('exchange_rates') }}
where not rate > 0
    or from_currency = to_currency
    or {{ regexp_capture('from_currency', '^([A-Z]{3})$') }} is null
    or {{ regexp_capture('to_currency', '^([A-Z]{3})$') }} is null
