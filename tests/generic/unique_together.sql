{% test unique_together(model, columns) %}
{#- Fails on each combination of the given expressions that occurs more than once; write coalesce() where null is a value. -#}
select
    {%- for name in columns %}
    {{ name }} as key_{{ loop.index }},
    {%- endfor %}
    count(*) as occurrences
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
