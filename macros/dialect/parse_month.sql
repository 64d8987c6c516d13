{#- The first day of a month written as YYYYMM. -#}
{%- macro parse_month(value) -%}
    {{- return(adapter.dispatch('parse_month', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__parse_month(value) -%}
    cast(strptime({{ value }}, '%Y%m') as date)
{%- endmacro -%}

{%- macro bigquery__parse_month(value) -%}
    parse_date('%Y%m', {{ value }})
{%- endmacro -%}

{%- macro synapse__parse_month(value) -%}
    convert(date, {{ value }} + '01', 112)
{%- endmacro -%}

{%- macro athena__parse_month(value) -%}
    cast(concat(substr({{ value }}, 1, 4), '-', substr({{ value }}, 5, 2), '-01') as date)
{%- endmacro -%}
