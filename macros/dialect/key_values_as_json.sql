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

{%- macro bigquery__key_values_as_json(lists) -%}
    {%- set entries = [] -%}
    {%- for list in lists -%}
        {%- do entries.append(
            'select ' ~ loop.index ~ " as list, offset_of_entry as place, entry.key, case when entry.value is null then 'true' else to_json_string(entry.value) end as value from unnest("
            ~ list ~ ') as entry with offset as offset_of_entry'
        ) -%}
    {%- endfor -%}
    (
        select concat('{', string_agg(concat(to_json_string(key), ':', value), ',' order by key), '}')
        from (
            select key, array_agg(value order by list desc, place desc limit 1)[offset(0)] as value
            from ({{ entries | join(' union all ') }})
            where key is not null
            group by key
        )
    )
{%- endmacro -%}

{%- macro synapse__key_values_as_json(lists) -%}
    (
        select '{' + string_agg(concat({{ json_string('latest.[key]') }}, ':', coalesce({{ json_string('latest.value') }}, 'true')), ',')
            within group (order by latest.[key]) + '}'
        from (
            select entries.[key], entries.value,
                row_number() over (partition by entries.[key] collate Latin1_General_BIN2 order by entries.place desc) as place
            from (
                {%- for list in lists %}
                {{ 'union all' if not loop.first }}
                select {{ loop.index }} as place, list.[key], list.value
                from openjson({{ list }}) with ([key] nvarchar(4000) '$.key', value nvarchar(4000) '$.value') as list
                {%- endfor %}
            ) as entries
            where entries.[key] is not null
        ) as latest
        where latest.place = 1
    )
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
