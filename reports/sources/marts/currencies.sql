-- the currencies, the one that most is spent in first, and through which day their costs are whole
with shown as (
    select
        billing_currency,
        day_name(through_date) as through_day,
        day_text(running_month) as running_month,
        month_name(running_month) as running_month_name,
        month_name(running_month - interval 1 month) as month_before_name,
        case when is_whole then 'whole' else 'so far' end as standing,
        day(through_date) as days_so_far,
        day(last_day(through_date)) as days_in_month,
        row_number() over (order by recent_cost desc, billing_currency asc) as place
    from calendar
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
