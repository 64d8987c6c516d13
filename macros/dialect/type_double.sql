{#- The type of a floating-point number of 64 bits: quantities, prices, and costs while they are computed. -#}
{%- macro type_double() -%}
    {{- return(adapter.dispatch('type_double', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__type_double() -%}
    double
{%- endmacro -%}

{%- macro bigquery__type_double() -%}
    float64
{%- endmacro -%}

{%- macro synapse__type_double() -%}
    float(53)
{%- endmacro -%}
