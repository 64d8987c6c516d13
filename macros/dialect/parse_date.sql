{#- A date from the text of a bill: ISO, with or without a time, or US month/day/year. -#}
{%- macro parse_date(value) -%}
    {{- return(adapter.dispatch('parse_date', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__parse_date(value) -%}
    cast(coalesce(
        try_strptime(regexp_extract(cast({{ value }} as varchar), '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}'), '%m/%d/%Y'),
        try_cast({{ value }} as timestamp)
    ) as date)
{%- endmacro -%}

{%- macro bigquery__parse_date(value) -%}
    coalesce(
        safe.parse_date('%m/%d/%Y', regexp_extract(cast({{ value }} as string), r'^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}')),
        cast(safe_cast(cast({{ value }} as string) as timestamp) as date)
    )
{%- endmacro -%}

{%- macro synapse__parse_date(value) -%}
    {%- set text = 'cast(' ~ value ~ ' as varchar(50))' -%}
    case
        when {{ text }} like '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]%' then try_convert(date, left({{ text }}, 10), 23)
        when {{ text }} like '[0-9]%/[0-9]%/[0-9][0-9][0-9][0-9]%'
            then try_convert(date, left({{ text }}, charindex('/', {{ text }}, charindex('/', {{ text }}) + 1) + 4), 101)
    end
{%- endmacro -%}

{%- macro athena__parse_date(value) -%}
    coalesce(
        cast(try(date_parse(
            regexp_extract(cast({{ value }} as varchar), '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}'), '%c/%e/%Y'
        )) as date),
        try_cast(regexp_extract(cast({{ value }} as varchar), '^[0-9]{4}-[0-9]{2}-[0-9]{2}') as date)
    )
{%- endmacro -%}
