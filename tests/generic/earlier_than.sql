{% test earlier_than(model, column, other_column) %}
{#- Fails on rows where column is not strictly before other_column. -#}
select
    {{ column }},
    {{ other_column }}
from {{ model }}
where {{ column }} >= {{ other_column }}
{% endtest %}
