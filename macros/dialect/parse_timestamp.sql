{#- A timestamp from the text of a bill in UTC: ISO with a T or a blank, with or without a Z. See utc_timestamp for offsets. -#}
{%- macro parse_timestamp(value) -%}
    {{- return(adapter.dispatch('parse_timestamp', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__parse_timestamp(value) -%}
    cast({{ value }} as {{ type_timestamp() }})
{%- endmacro -%}

{%- macro athena__parse_timestamp(value) -%}
    cast(from_iso8601_timestamp_nanos(replace({{ value }}, ' ', 'T')) as timestamp(6))
{%- endmacro -%}
