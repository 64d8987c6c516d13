{#- The type of a small whole number: a number of days or months. -#}
{%- macro type_integer() -%}
    {{- return(adapter.dispatch('type_integer', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__type_integer() -%}
    integer
{%- endmacro -%}

{%- macro bigquery__type_integer() -%}
    int64
{%- endmacro -%}

{%- macro synapse__type_integer() -%}
    int
{%- endmacro -%}
