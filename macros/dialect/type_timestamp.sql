{#- The type of a point in time, in UTC, to the microsecond. -#}
{%- macro type_timestamp() -%}
    {{- return(adapter.dispatch('type_timestamp', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__type_timestamp() -%}
    timestamp
{%- endmacro -%}

{%- macro athena__type_timestamp() -%}
    timestamp(6)
{%- endmacro -%}

{%- macro synapse__type_timestamp() -%}
    datetime2(6)
{%- endmacro -%}
