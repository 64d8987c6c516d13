{#- A struct of texts by their names, as the engine reads it from a Parquet file; null where all of them are. -#}
{%- macro struct_literal(fields) -%}
    {{- return(adapter.dispatch('struct_literal', 'cloudtally')(fields)) -}}
{%- endmacro -%}

{%- macro default__struct_literal(fields) -%}
    {{ struct_of_texts(fields, 'row', 'struct', 'varchar', '(', ')') }}
{%- endmacro -%}

{%- macro bigquery__struct_literal(fields) -%}
    {{ struct_of_texts(fields, 'struct', 'struct', 'string', '<', '>') }}
{%- endmacro -%}

{%- macro athena__struct_literal(fields) -%}
    {{ struct_of_texts(fields, 'row', 'row', 'varchar', '(', ')') }}
{%- endmacro -%}

{%- macro synapse__struct_literal(fields) -%}
    {%- set is_null = fields.values() | reject('none') | list | length == 0 -%}
    cast({{ 'null' if is_null else text_literal(tojson(fields)) }} as varchar(8000))
{%- endmacro -%}

{%- macro struct_of_texts(fields, value, type, text, opening, closing) -%}
    {%- set values = [] -%}
    {%- set shape = [] -%}
    {%- for name, said in fields.items() -%}
        {%- do values.append(text_literal(said)) -%}
        {%- do shape.append(name ~ ' ' ~ text) -%}
    {%- endfor -%}
    {%- set is_null = fields.values() | reject('none') | list | length == 0 -%}
    cast({{ 'null' if is_null else value ~ '(' ~ values | join(', ') ~ ')' }} as {{ type ~ opening ~ shape | join(', ') ~ closing }})
{%- endmacro -%}
