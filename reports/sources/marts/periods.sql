-- what the period filter offers: spans first, then each month
with clock as (
    select
        max(running_month) as running,
        max(case when is_whole then running_month else running_month - interval 1 month end)::date as last_whole
    from calendar
),

spans as (
    select
        unnest(['last 12 months', 'last 3 months', 'running month']) as period,
        unnest(['Last 12 whole months', 'Last 3 whole months', 'Running month']) as label,
        unnest([last_whole - interval 11 month, last_whole - interval 2 month, running])::date as first_month,
        unnest([last_whole, last_whole, running]) as last_month,
        unnest([1, 2, 3]) as place
    from clock
),

months as (
    select distinct date_trunc('month', charge_date)::date as charge_month
    from daily_cost, clock
    where charge_date < running + interval 1 month and charge_date >= running - interval 12 month
),

shown as (
    select * from spans
    union all by name
    select
        day_text(charge_month) as period,
        month_name(charge_month) as label,
        charge_month as first_month,
        charge_month as last_month,
        10100 - datediff('month', date '1970-01-01', charge_month) as place
    from months
)

select
    1 as is_row,
    period,
    label,
    day_text(first_month) as first_month,
    day_text(last_month) as last_month,
    place
from shown
union all by name
select 0 as is_row
