{#- JSON, or a text that should be JSON, as flat JSON text; null when empty. -#}
{%- macro as_json_text(value) -%}
    {{- return(adapter.dispatch('as_json_text', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__as_json_text(value) -%}
    nullif(cast(json(try_cast({{ value }} as json)) as varchar), '{}')
{%- endmacro -%}

{%- macro bigquery__as_json_text(value) -%}
    {#- to_json_string makes the text null of a null -#}
    nullif(nullif(to_json_string(safe.parse_json({{ value }}, wide_number_mode => 'round')), '{}'), 'null')
{%- endmacro -%}

{%- macro synapse__as_json_text(value) -%}
    {#- an object is written anew in its order, since a text's blanks would hide its keys from LIKE -#}
    case
        when isjson({{ value }}) = 1 and left(ltrim({{ value }}), 1) = '{'
            then (
                select '{' + string_agg(concat({{ json_string('entries.[key]') }}, ':', case
                    when entries.type = 0 then 'null' when entries.type = 1 then {{ json_string('entries.value') }} else entries.value
                end), ',') within group (order by charindex({{ json_string('entries.[key]') }}, {{ value }})) + '}'
                from openjson(case when isjson({{ value }}) = 1 then {{ value }} end) as entries
            )
        when isjson({{ value }}) = 1 then {{ value }}
    end
{%- endmacro -%}

{#- json_parse sorts the keys. -#}
{%- macro athena__as_json_text(value) -%}
    nullif(json_format(try(json_parse({{ value }}))), '{}')
{%- endmacro -%}
