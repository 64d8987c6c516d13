{% test first_of_month(model, column_name) %}
{#- Fails on days that are not the first of a month: rules hold by month, and one that began within one had none to hold from. -#}
select {{ column_name }}
from {{ model }}
where {{ column_name }} <> {{ month_of(column_name) }}
{% endtest %}
