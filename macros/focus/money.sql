{#- A cost as the ledger keeps it: exact to 12 places, never float. Derived costs are computed in double first. -#}
{%- macro money(value) -%}
    cast({{ value }} as {{ type_money() }})
{%- endmacro -%}
