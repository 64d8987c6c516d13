-- what the period filter offers: spans first, then each month
with clock as (
    select
        max(running_month) as running,
        max(case when is_whole then running_month else running_month - interval 1 month end)::date as last_whole
    from calendar
),

spans as (
    select 'last 12 months' as period, 'Last 12 whole months' as label, (last_whole - interval 11 month)::date as first_month, last_whole as last_month, 1 as place from clock
    union all
    select 'last 3 months', 'Last 3 whole months', (last_whole - interval 2 month)::date, last_whole, 2 from clock
    union all
    select 'running month', 'Running month', running, running, 3 from clock
),

months as (
    select distinct date_trunc('month', charge_date)::date as month
    from daily_cost, clock
    where charge_date < running + interval 1 month and charge_date >= running - interval 12 month
),

shown as (
    select * from spans
    union all
    select day_text(month), month_name(month), month, month, 100 - datediff('month', date '1970-01-01', month) + 10000
    from months
)

select 1 as is_row, period, label, day_text(first_month) as first_month, day_text(last_month) as last_month, place from shown
union all by name
select 0 as is_row
