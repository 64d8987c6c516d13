{#- JSON, or a text that should be JSON, as flat JSON text; null when empty. -#}
{%- macro as_json_text(value) -%}
    {{- return(adapter.dispatch('as_json_text', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__as_json_text(value) -%}
    nullif(cast(json(try_cast({{ value }} as json)) as varchar), '{}')
{%- endmacro -%}

{%- macro bigquery__as_json_text(value) -%}
    {#- to_json_string makes the text null of a null -#}
    nullif(nullif(to_json_string(safe.parse_json({{ value }}, wide_number_mode => 'round')), '{}'), 'null')
{%- endmacro -%}
