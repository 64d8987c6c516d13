-- The twin of python_models/intelligence/int_anomalies__flagged.py, where the flow landed its rows: one of the two is enabled.
select *
from {{ source('history', 'int_anomalies__flagged') }}
