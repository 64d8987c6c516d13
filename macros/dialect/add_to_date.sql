{#- A date some days or months on (or back), as a date. dbt.dateadd returns another type on each engine. -#}
{%- macro add_to_date(part, count, date) -%}
    {{- return(adapter.dispatch('add_to_date', 'cloudtally')(part, count, date)) -}}
{%- endmacro -%}

{%- macro default__add_to_date(part, count, date) -%}
    cast({{ dbt.dateadd(part, count, date) }} as date)
{%- endmacro -%}

{%- macro bigquery__add_to_date(part, count, date) -%}
    date_add({{ date }}, interval ({{ count }}) {{ part }})
{%- endmacro -%}

{%- macro athena__add_to_date(part, count, date) -%}
    date_add('{{ part }}', {{ count }}, {{ date }})
{%- endmacro -%}

{%- macro synapse__add_to_date(part, count, date) -%}
    cast(dateadd({{ part }}, {{ count }}, {{ date }}) as date)
{%- endmacro -%}
