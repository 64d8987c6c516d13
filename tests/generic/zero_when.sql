{% test zero_when(model, column, condition) %}
{#- Fails on rows where the condition holds and the column is anything but zero. -#}
select {{ column }}
from {{ model }}
where
    ({{ condition }})
    and ({{ column }} is null or {{ column }} <> 0)
{% endtest %}
