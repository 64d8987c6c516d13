{#- A number from text or number as double; null when it is none. -#}
{%- macro safe_double(value) -%}
    {{- return(adapter.dispatch('safe_double', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__safe_double(value) -%}
    try_cast({{ value }} as double)
{%- endmacro -%}
