{% test null_unless(model, column, condition) %}
{#- Fails on rows that fill the column (or one of a list of columns) although the condition does not hold. -#}
{%- set columns = [column] if column is string else column %}
select {{ columns | join(', ') }}
from {{ model }}
where
    -- an unknown condition does not hold either, hence no plain `not (...)`
    case when {{ condition }} then 1 else 0 end = 0
    and (
        {%- for name in columns %}
        {{ 'or ' if not loop.first }}{{ name }} is not null
        {%- endfor %}
    )
{% endtest %}
