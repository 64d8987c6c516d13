{% test not_negative(model, column) %}
{#- Fails on rows where the column (or one of a list of columns) is below zero. -#}
{%- set columns = [column] if column is string else column %}
select {{ columns | join(', ') }}
from {{ model }}
where
    {%- for name in columns %}
    {{ 'or ' if not loop.first }}{{ name }} < 0
    {%- endfor %}
{% endtest %}
