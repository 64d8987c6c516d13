{#-
    JSON values that are flat objects or lists of Key and Value as one flat JSON text; where keys meet the later value wins,
    a listed key without value is true, no key at all is null.
-#}
{%- macro tags_as_json(values) -%}
    {{- return(adapter.dispatch('tags_as_json', 'cloudtally')(values)) -}}
{%- endmacro -%}

{%- macro default__tags_as_json(values) -%}
    {%- set objects = [] -%}
    {%- for value in values -%}
        {%- set object -%}
            case json_type({{ value }}) when 'OBJECT' then json({{ value }}) when 'ARRAY' then json(concat('{', array_to_string(list_transform(
                list_filter(try_cast({{ value }} as json[]), lambda entry: coalesce(entry ->> 'Key', entry ->> 'key') is not null),
                lambda entry: concat(
                    to_json(coalesce(entry ->> 'Key', entry ->> 'key')), ':',
                    coalesce(cast(to_json(coalesce(entry ->> 'Value', entry ->> 'value')) as varchar), 'true')
                )
            ), ','), '}')) else json('{}') end
        {%- endset -%}
        {%- do objects.append(object) -%}
    {%- endfor -%}
    {#- merging drops keys that are null, so a single value is left as it is -#}
    nullif(cast({% if objects | length == 1 %}{{ objects[0] }}{% else %}json_merge_patch({{ objects | join(', ') }}){% endif %} as varchar), '{}')
{%- endmacro -%}

{#- Athena has no JSON columns: the values are texts. -#}
{%- macro athena__tags_as_json(values) -%}
    {%- set maps = [] -%}
    {%- for value in values -%}
        {%- set map -%}
            coalesce(
                try(cast(json_parse({{ value }}) as map(varchar, json))),
                try(transform_values(multimap_from_entries(transform(
                    filter(
                        cast(json_parse({{ value }}) as array(map(varchar, varchar))),
                        tag -> coalesce(element_at(tag, 'Key'), element_at(tag, 'key')) is not null
                    ),
                    tag -> cast(row(
                        coalesce(element_at(tag, 'Key'), element_at(tag, 'key')),
                        coalesce(element_at(tag, 'Value'), element_at(tag, 'value'))
                    ) as row(key varchar, value varchar))
                )), (key, held) -> coalesce(cast(element_at(held, -1) as json), json_parse('true')))),
                cast(map() as map(varchar, json))
            )
        {%- endset -%}
        {%- do maps.append(map) -%}
    {%- endfor -%}
    {#- as merging does elsewhere, a key that is null at last is no key; a single value is left as it is -#}
    {%- if maps | length == 1 -%}
        nullif(json_format(cast({{ maps[0] }} as json)), '{}')
    {%- else -%}
        nullif(json_format(cast(map_filter(
            map_concat({{ maps | join(', ') }}), (key, held) -> coalesce(json_format(held), 'null') <> 'null'
        ) as json)), '{}')
    {%- endif -%}
{%- endmacro -%}
