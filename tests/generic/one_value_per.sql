{% test one_value_per(model, column, per) %}
{#- Fails on each combination of the `per` columns that occurs with more than one value of column; nulls do not count. -#}
select
    {{ per | join(', ') }},
    count(distinct {{ column }}) as distinct_values
from {{ model }}
where
    {{ column }} is not null
    {%- for name in per %}
    and {{ name }} is not null
    {%- endfor %}
group by {{ per | join(', ') }}
having count(distinct {{ column }}) > 1
{% endtest %}
