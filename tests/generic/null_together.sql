{% test null_together(model, column_a, column_b) %}
{#- Fails on rows where one of the two columns is filled and the other is null. -#}
select
    {{ column_a }},
    {{ column_b }}
from {{ model }}
where
    ({{ column_a }} is null and {{ column_b }} is not null)
    or ({{ column_a }} is not null and {{ column_b }} is null)
{% endtest %}
