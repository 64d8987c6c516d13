{#- Lists of key/value structs as one flat JSON text; where keys meet the later list wins, a key without value is true. -#}
{%- macro key_values_as_json(lists) -%}
    {{- return(adapter.dispatch('key_values_as_json', 'cloudtally')(lists)) -}}
{%- endmacro -%}

{%- macro default__key_values_as_json(lists) -%}
    nullif(cast(json_merge_patch('{}'
    {%- for list in lists -%}
        , concat('{', array_to_string(list_transform(
            list_filter(coalesce({{ list }}, []), lambda entry: entry.key is not null),
            lambda entry: concat(to_json(entry.key), ':', coalesce(cast(to_json(entry.value) as varchar), 'true'))
        ), ','), '}')
    {%- endfor -%}
    ) as varchar), '{}')
{%- endmacro -%}

{%- macro athena__key_values_as_json(lists) -%}
    {%- set entries -%}
        concat(
        {%- for list in lists %}coalesce({{ list }}, cast(array[] as array(row(key varchar, value varchar)))), {% endfor -%}
        cast(array[] as array(row(key varchar, value varchar))))
    {%- endset -%}
    nullif(json_format(cast(transform_values(
        multimap_from_entries(filter({{ entries }}, entry -> entry.key is not null)),
        (key, held) -> coalesce(cast(element_at(held, -1) as json), json_parse('true'))
    ) as json)), '{}')
{%- endmacro -%}
