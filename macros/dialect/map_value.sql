{#- The value of a key in a map of texts; null when the map or the key is absent. -#}
{%- macro map_value(map, key) -%}
    {{- return(adapter.dispatch('map_value', 'cloudtally')(map, key)) -}}
{%- endmacro -%}

{%- macro default__map_value(map, key) -%}
    {{ map }}['{{ key }}']
{%- endmacro -%}

{%- macro bigquery__map_value(map, key) -%}
    (select max(entry.value) from unnest({{ map }}) as entry where entry.key = '{{ key }}')
{%- endmacro -%}

{%- macro synapse__map_value(map, key) -%}
    json_value({{ map }}, '$."{{ key }}"')
{%- endmacro -%}

{%- macro athena__map_value(map, key) -%}
    element_at({{ map }}, '{{ key }}')
{%- endmacro -%}
