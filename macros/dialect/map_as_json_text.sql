{#- A map of texts as flat JSON text; null when empty. as_json_text would parse that text once more to check it. -#}
{%- macro map_as_json_text(map) -%}
    {{- return(adapter.dispatch('map_as_json_text', 'cloudtally')(map)) -}}
{%- endmacro -%}

{%- macro default__map_as_json_text(map) -%}
    nullif(cast(cast({{ map }} as json) as varchar), '{}')
{%- endmacro -%}

{%- macro bigquery__map_as_json_text(map) -%}
    {#- a map comes as the list of its pairs -#}
    (
        select concat('{', string_agg(concat(to_json_string(entry.key), ':', coalesce(to_json_string(entry.value), 'null')), ',' order by entry.key), '}')
        from unnest({{ map }}) as entry
    )
{%- endmacro -%}

{%- macro synapse__map_as_json_text(map) -%}
    nullif({{ map }}, '{}')
{%- endmacro -%}

{%- macro athena__map_as_json_text(map) -%}
    nullif(json_format(cast({{ map }} as json)), '{}')
{%- endmacro -%}
