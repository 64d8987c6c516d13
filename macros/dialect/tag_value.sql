{#-
    The value of a key, given as an expression, in flat JSON text, as text; null when it is absent. The key's letter case does
    not count: of Team and team, which one set of tags may hold side by side, the last in ASCII's order is taken.
-#}
{%- macro tag_value(json, key) -%}
    {{- return(adapter.dispatch('tag_value', 'cloudtally')(json, key)) -}}
{%- endmacro -%}

{%- macro default__tag_value(json, key) -%}
    json_extract_string({{ json }}, concat('/', replace(replace(
        list_max(list_filter(json_keys({{ json }}), lambda held: lower(held) = lower({{ key }}))), '~', '~0'
    ), '/', '~1')))
{%- endmacro -%}

{#- An object's pairs are read off its text: JSON_VALUE takes no path that is not a constant. -#}
{%- macro bigquery__tag_value(json, key) -%}
    {%- set text = '"(?:[^"\\\\]|\\\\.)*"' -%}
    {%- set name = "json_value(regexp_extract(pair, r'^(" ~ text ~ "):'), '$')" -%}
    (
        select array_agg(json_value(regexp_extract(pair, r'^{{ text }}:(.*)$'), '$') order by {{ name }} desc limit 1)[safe_offset(0)]
        from unnest(regexp_extract_all({{ json }}, r'{{ text }}:(?:{{ text }}|[^,{}]+)')) as pair
        where lower({{ name }}) = lower({{ key }})
    )
{%- endmacro -%}

{%- macro synapse__tag_value(json, key) -%}
    (
        select max(ranked.value) from (
            select
                entries.value,
                row_number() over (order by entries.[key] collate Latin1_General_BIN2 desc) as place
            from openjson({{ json }}) as entries
            where lower(entries.[key]) = lower({{ key }})
        ) as ranked
        where ranked.place = 1
    )
{%- endmacro -%}

{%- macro athena__tag_value(json, key) -%}
    json_extract_scalar(element_at(
        cast(json_parse({{ json }}) as map(varchar, json)),
        array_max(filter(map_keys(cast(json_parse({{ json }}) as map(varchar, json))), held -> lower(held) = lower({{ key }})))
    ), '$')
{%- endmacro -%}
