{#- cost / quantity, so that FOCUS's price x quantity = cost holds; null where no non-negative price explains the cost. -#}
{%- macro unit_price(cost, quantity) -%}
    case when {{ cost }} / nullif({{ quantity }}, 0) >= 0 then {{ cost }} / nullif({{ quantity }}, 0) end
{%- endmacro -%}
