{#- A point in time some seconds to months on, as a timestamp. dbt.dateadd returns another type on each engine. -#}
{%- macro add_to_timestamp(part, count, timestamp) -%}
    {{- return(adapter.dispatch('add_to_timestamp', 'cloudtally')(part, count, timestamp)) -}}
{%- endmacro -%}

{%- macro default__add_to_timestamp(part, count, timestamp) -%}
    {{ dbt.dateadd(part, count, timestamp) }}
{%- endmacro -%}

{%- macro bigquery__add_to_timestamp(part, count, timestamp) -%}
    {% if part == 'month' -%}
        timestamp(datetime_add(datetime({{ timestamp }}), interval ({{ count }}) month))
    {%- else -%}
        timestamp_add({{ timestamp }}, interval ({{ count }}) {{ part }})
    {%- endif %}
{%- endmacro -%}

{%- macro athena__add_to_timestamp(part, count, timestamp) -%}
    date_add('{{ part }}', {{ count }}, {{ timestamp }})
{%- endmacro -%}

{%- macro synapse__add_to_timestamp(part, count, timestamp) -%}
    dateadd({{ part }}, {{ count }}, {{ timestamp }})
{%- endmacro -%}
