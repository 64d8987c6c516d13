{#- JSON, or a text that should be JSON, as flat JSON text; null when empty. -#}
{%- macro as_json_text(value) -%}
    {{- return(adapter.dispatch('as_json_text', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__as_json_text(value) -%}
    nullif(cast(json(try_cast({{ value }} as json)) as varchar), '{}')
{%- endmacro -%}

{#- json_parse sorts the keys. -#}
{%- macro athena__as_json_text(value) -%}
    nullif(json_format(try(json_parse({{ value }}))), '{}')
{%- endmacro -%}
