{#- A map of texts, as the engine reads it from a Parquet file; a null map of none. -#}
{%- macro map_literal(entries) -%}
    {{- return(adapter.dispatch('map_literal', 'cloudtally')(entries)) -}}
{%- endmacro -%}

{%- macro default__map_literal(entries) -%}
    {%- set pairs = [] -%}
    {%- for key, value in (entries or {}).items() -%}
        {%- do pairs.append(text_literal(key) ~ ': ' ~ text_literal(value)) -%}
    {%- endfor -%}
    cast({{ 'null' if entries is none else 'map {' ~ pairs | join(', ') ~ '}' }} as map(varchar, varchar))
{%- endmacro -%}

{%- macro bigquery__map_literal(entries) -%}
    {%- set pairs = [] -%}
    {%- for key, value in (entries or {}).items() -%}
        {%- do pairs.append('(' ~ text_literal(key) ~ ', ' ~ text_literal(value) ~ ')') -%}
    {%- endfor -%}
    {%- set shape = 'array<struct<key string, value string>>' -%}
    {{ 'cast(null as ' ~ shape ~ ')' if entries is none else shape ~ '[' ~ pairs | join(', ') ~ ']' }}
{%- endmacro -%}

{%- macro synapse__map_literal(entries) -%}
    {%- set pairs = [] -%}
    {%- for key, value in (entries or {}).items() -%}
        {%- do pairs.append(tojson(key) ~ ':' ~ tojson(value)) -%}
    {%- endfor -%}
    cast({{ text_literal(none if entries is none else '{' ~ pairs | join(',') ~ '}') }} as varchar(8000))
{%- endmacro -%}

{%- macro athena__map_literal(entries) -%}
    {%- set keys = [] -%}
    {%- set values = [] -%}
    {%- for key, value in (entries or {}).items() -%}
        {%- do keys.append(text_literal(key)) -%}
        {%- do values.append(text_literal(value)) -%}
    {%- endfor -%}
    {%- set map = 'map(array[' ~ keys | join(', ') ~ '], array[' ~ values | join(', ') ~ '])' -%}
    cast({{ 'null' if entries is none else map }} as map(varchar, varchar))
{%- endmacro -%}
