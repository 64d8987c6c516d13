{#- The type of a yes or no. Only marts have any; in between 1 and 0 stand for them, as T-SQL cannot select a condition. -#}
{%- macro type_boolean() -%}
    {{- return(adapter.dispatch('type_boolean', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__type_boolean() -%}
    boolean
{%- endmacro -%}

{%- macro bigquery__type_boolean() -%}
    bool
{%- endmacro -%}

{%- macro synapse__type_boolean() -%}
    bit
{%- endmacro -%}
