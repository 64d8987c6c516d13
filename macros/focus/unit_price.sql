{#- cost / quantity, so that FOCUS's price x quantity = cost holds; null where no non-negative price explains the cost. -#}
{%- macro unit_price(cost, quantity) -%}
    case when {{ quantity }} <> 0 and {{ cost }} / {{ quantity }} >= 0 then {{ cost }} / {{ quantity }} end
{%- endmacro -%}
