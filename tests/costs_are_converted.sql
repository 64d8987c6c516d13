-- How many rows of converted_daily_cost have no converted cost, and why: a currency without a rate of those days, or
-- several currencies and no reporting_currency. Sums of converted costs leave them out.
{{ config(severity='warn', fail_calc='coalesce(sum(unconverted_rows), 0)') }}

select
    billing_currency,
    reporting_currency,
    unconverted_reason,
    min(charge_date) as first_date,
    max(charge_date) as last_date,
    count(*) as unconverted_rows
from {{ ref('converted_daily_cost') }}
where unconverted_reason is not null
group by billing_currency, reporting_currency, unconverted_reason
