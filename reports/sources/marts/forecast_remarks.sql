-- what the forecasts left out, and why
select
    1 as is_row,
    note
from forecast_notes
union all by name
select 0 as is_row
