{#- A field of a struct column; null when the struct is. Where structs are JSON text it is a text, so numbers are cast. -#}
{%- macro field(column, name) -%}
    {{- return(adapter.dispatch('field', 'cloudtally')(column, name)) -}}
{%- endmacro -%}

{%- macro default__field(column, name) -%}
    {{ column }}.{{ name }}
{%- endmacro -%}

{%- macro synapse__field(column, name) -%}
    coalesce(json_query({{ column }}, '$.{{ name }}'), json_value({{ column }}, '$.{{ name }}'))
{%- endmacro -%}
