{#- JSON as a source declared as json holds it: DuckDB's own type, text on the warehouses; null of none. -#}
{%- macro json_literal(json) -%}
    {{- return(adapter.dispatch('json_literal', 'cloudtally')(json)) -}}
{%- endmacro -%}

{%- macro default__json_literal(json) -%}
    cast({{ text_literal(json) }} as {{ type_text() }})
{%- endmacro -%}

{%- macro duckdb__json_literal(json) -%}
    cast({{ text_literal(json) }} as json)
{%- endmacro -%}
