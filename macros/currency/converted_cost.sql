{#- A cost in another currency; at a rate of 1 it stays exact to its last place, which no double would keep. -#}
{%- macro converted_cost(cost, rate) -%}
    case when {{ rate }} = 1 then {{ cost }} else {{ money(dbt.cast(cost, type_double()) ~ ' * ' ~ rate) }} end
{%- endmacro -%}
