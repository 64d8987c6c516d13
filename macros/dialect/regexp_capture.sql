{#- The first group of a pattern's first match in a text; null when nothing matches. -#}
{%- macro regexp_capture(value, pattern) -%}
    {{- return(adapter.dispatch('regexp_capture', 'cloudtally')(value, pattern)) -}}
{%- endmacro -%}

{%- macro default__regexp_capture(value, pattern) -%}
    nullif(regexp_extract({{ value }}, '{{ pattern }}', 1), '')
{%- endmacro -%}

{%- macro bigquery__regexp_capture(value, pattern) -%}
    nullif(regexp_extract({{ value }}, r'{{ pattern }}'), '')
{%- endmacro -%}
