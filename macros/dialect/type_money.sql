{#- The type of a cost as the ledger keeps it, exact to 12 places. See money(). -#}
{%- macro type_money() -%}
    {{- return(adapter.dispatch('type_money', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__type_money() -%}
    decimal(38, 12)
{%- endmacro -%}

{%- macro bigquery__type_money() -%}
    bignumeric(38, 12)
{%- endmacro -%}
