{#- A date from the text of a bill: ISO, with or without a time, or US month/day/year. -#}
{%- macro parse_date(value) -%}
    {{- return(adapter.dispatch('parse_date', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__parse_date(value) -%}
    cast(coalesce(try_cast({{ value }} as timestamp), try_strptime(cast({{ value }} as varchar), ['%m/%d/%Y', '%m/%d/%Y %H:%M:%S'])) as date)
{%- endmacro -%}
