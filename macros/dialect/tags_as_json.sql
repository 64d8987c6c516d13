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
