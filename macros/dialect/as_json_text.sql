{#- A map, struct or JSON value as flat JSON text; null when empty. -#}
{%- macro as_json_text(value) -%}
    {{- return(adapter.dispatch('as_json_text', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__as_json_text(value) -%}
    nullif(cast(json(try_cast({{ value }} as json)) as varchar), '{}')
{%- endmacro -%}
