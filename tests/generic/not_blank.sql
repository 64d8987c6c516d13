{% test not_blank(model, column) %}
{#- Fails on rows where a text column (or one of a list) holds an empty or blank text, where only null means missing. -#}
{%- set columns = [column] if column is string else column %}
select {{ columns | join(', ') }}
from {{ model }}
where
    {%- for name in columns %}
    {{ 'or ' if not loop.first }}trim({{ name }}) = ''
    {%- endfor %}
{% endtest %}
