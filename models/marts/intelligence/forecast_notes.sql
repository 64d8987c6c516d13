select note
from {{ ref('int_forecasts__computed') }}
where part = 'note'
