-- The twin of python_models/intelligence/int_commitments__recommended.py, where the flow landed its rows: one of the two is enabled.
select *
from {{ source('history', 'int_commitments__recommended') }}
