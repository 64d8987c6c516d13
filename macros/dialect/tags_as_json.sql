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

{%- macro bigquery__tags_as_json(values) -%}
    {#- an object's pairs are read off its text: no function gives keys and values as they stand -#}
    {%- set text = '"(?:[^"\\\\]|\\\\.)*"' -%}
    {%- set entries = [] -%}
    {%- for value in values -%}
        {%- set object = "case when starts_with(trim(" ~ value ~ "), '{') then to_json_string(parse_json(" ~ value ~ ", wide_number_mode => 'round')) end" -%}
        {%- do entries.append(
            'select ' ~ loop.index ~ " as list, offset_of_entry as place, regexp_extract(pair, r'^(" ~ text ~ "):') as key, regexp_extract(pair, r'^" ~ text
            ~ ":(.*)$') as value from unnest(regexp_extract_all(" ~ object ~ ", r'" ~ text ~ ':(?:' ~ text ~ "|[^,{}]+)')) as pair with offset as offset_of_entry"
        ) -%}
        {%- do entries.append(
            'select ' ~ loop.index ~ " as list, offset_of_entry as place, to_json_string(coalesce(json_value(entry, '$.Key'), json_value(entry, '$.key'))) as key, "
            ~ "coalesce(nullif(to_json_string(coalesce(json_value(entry, '$.Value'), json_value(entry, '$.value'))), 'null'), 'true') as value "
            ~ 'from unnest(json_query_array(case when starts_with(trim(' ~ value ~ "), '[') then " ~ value ~ ' end)) as entry with offset as offset_of_entry'
        ) -%}
    {%- endfor -%}
    (
        select concat('{', string_agg(concat(key, ':', value), ',' order by key), '}')
        from (
            select key, array_agg(value order by list desc, place desc limit 1)[offset(0)] as value
            from ({{ entries | join(' union all ') }})
            where key <> 'null'
            group by key
        )
        {#- merging drops keys that are null; a single value is left as it is -#}
        {%- if values | length > 1 %} where value <> 'null'{% endif %}
    )
{%- endmacro -%}

{%- macro synapse__tags_as_json(values) -%}
    (
        select '{' + string_agg(concat({{ json_string('latest.[key]') }}, ':', latest.json), ',')
            within group (order by latest.[key]) + '}'
        from (
            select entries.[key], entries.json,
                row_number() over (partition by entries.[key] collate Latin1_General_BIN2 order by entries.place desc) as place
            from (
                {%- for value in values %}
                {{ 'union all' if not loop.first }}
                select {{ loop.index }} as place, object.[key], case
                        when object.type = 0 then 'null' when object.type = 1 then {{ json_string('object.value') }} else object.value
                    end as json
                from openjson(case when left(ltrim({{ value }}), 1) = '{' then {{ value }} end) as object
                union all
                select {{ loop.index }} as place, coalesce(list.upper_key, list.lower_key) as [key],
                    coalesce({{ json_string('coalesce(list.upper_value, list.lower_value)') }}, 'true') as json
                from openjson(case when left(ltrim({{ value }}), 1) = '[' then {{ value }} end) with (
                    upper_key nvarchar(4000) '$.Key', lower_key nvarchar(4000) '$.key',
                    upper_value nvarchar(4000) '$.Value', lower_value nvarchar(4000) '$.value'
                ) as list
                {%- endfor %}
            ) as entries
            where entries.[key] is not null
        ) as latest
        where latest.place = 1
            {#- merging drops keys that are null, as DuckDB's does -#}
            {{ "and latest.json <> 'null'" if values | length > 1 }}
    )
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
