{% test accepted_pair(model, column, other_column, seed) %}
{#- Fails on rows whose two values do not stand together in a row of the seed, whose columns bear the same names. -#}
with

-- the model comes as a subquery with its own alias when the test has a `where`
ledger as (

    select
        {{ column }},
        {{ other_column }}
    from {{ model }}

),

pairs as (

    select distinct
        {{ column }},
        {{ other_column }}
    from {{ seed }}

)

select
    ledger.{{ column }},
    ledger.{{ other_column }}
from ledger
left join pairs
    on ledger.{{ column }} = pairs.{{ column }}
    and ledger.{{ other_column }} = pairs.{{ other_column }}
where
    ledger.{{ column }} is not null
    and ledger.{{ other_column }} is not null
    and pairs.{{ column }} is null
{% endtest %}
