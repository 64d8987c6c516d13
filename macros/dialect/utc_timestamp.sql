{#- A point in time from a bill's text, with or without an offset, as a timestamp in UTC; without one it is UTC already. -#}
{%- macro utc_timestamp(value) -%}
    {{- return(adapter.dispatch('utc_timestamp', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__utc_timestamp(value) -%}
    timezone('UTC', cast({{ value }} as timestamptz))
{%- endmacro -%}

{%- macro bigquery__utc_timestamp(value) -%}
    cast({{ value }} as timestamp)
{%- endmacro -%}

{%- macro synapse__utc_timestamp(value) -%}
    cast(cast({{ value }} as datetimeoffset(6)) at time zone 'UTC' as datetime2(6))
{%- endmacro -%}

{#- Trino casts no text with a T or an offset to a timestamp; to the microsecond as elsewhere. -#}
{%- macro athena__utc_timestamp(value) -%}
    cast(at_timezone(from_iso8601_timestamp_nanos(replace(cast({{ value }} as varchar), ' ', 'T')), 'UTC') as timestamp(6))
{%- endmacro -%}
