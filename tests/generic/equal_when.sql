{% test equal_when(model, column, other_column, condition) %}
{#- Fails on rows where the condition holds and the two columns differ; two nulls are equal. -#}
select
    {{ column }},
    {{ other_column }}
from {{ model }}
where
    ({{ condition }})
    and (
        {{ column }} <> {{ other_column }}
        or ({{ column }} is null and {{ other_column }} is not null)
        or ({{ column }} is not null and {{ other_column }} is null)
    )
{% endtest %}
