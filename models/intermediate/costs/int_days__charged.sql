-- The days that MetricFlow counts along: those with a charge, so that no engine has to make up a calendar.
select distinct charge_date
from {{ ref('daily_cost') }}
