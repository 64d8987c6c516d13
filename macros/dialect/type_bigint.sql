{#- The type of a count: an integer of 64 bits. -#}
{%- macro type_bigint() -%}
    {{- return(adapter.dispatch('type_bigint', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__type_bigint() -%}
    bigint
{%- endmacro -%}

{%- macro bigquery__type_bigint() -%}
    int64
{%- endmacro -%}
