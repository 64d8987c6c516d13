{#- The first day of a date's month, as a date. -#}
{%- macro month_of(value) -%}
    {{- return(adapter.dispatch('month_of', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__month_of(value) -%}
    cast(date_trunc('month', {{ value }}) as date)
{%- endmacro -%}

{%- macro bigquery__month_of(value) -%}
    date_trunc(cast({{ value }} as date), month)
{%- endmacro -%}

{%- macro synapse__month_of(value) -%}
    datefromparts(year({{ value }}), month({{ value }}), 1)
{%- endmacro -%}
