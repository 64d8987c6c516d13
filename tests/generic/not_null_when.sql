{% test not_null_when(model, column, condition='1 = 1') %}
{#- Fails on rows that leave the column (or one of a list of columns) null although the condition holds; without one, always. -#}
{%- set columns = [column] if column is string else column %}
select {{ columns | join(', ') }}
from {{ model }}
where
    ({{ condition }})
    and (
        {%- for name in columns %}
        {{ 'or ' if not loop.first }}{{ name }} is null
        {%- endfor %}
    )
{% endtest %}
