{#-
    A list of structs, as the engine reads it from a Parquet file; a null list of none. Fields are names with their types,
    `text` or `double`; a row is its values in that order, none for null.
-#}
{%- macro structs_literal(rows, fields) -%}
    {{- return(adapter.dispatch('structs_literal', 'cloudtally')(rows, fields)) -}}
{%- endmacro -%}

{%- macro default__structs_literal(rows, fields) -%}
    {%- set shape = [] -%}
    {%- for name, type in fields.items() -%}
        {%- do shape.append(name ~ ' ' ~ {'text': 'varchar', 'double': 'double'}[type]) -%}
    {%- endfor -%}
    {%- set structs = [] -%}
    {%- for row in rows or [] -%}
        {%- do structs.append('row(' ~ values_of_struct(row, fields) ~ ')') -%}
    {%- endfor -%}
    cast({{ 'null' if rows is none else '[' ~ structs | join(', ') ~ ']' }} as struct({{ shape | join(', ') }})[])
{%- endmacro -%}

{%- macro bigquery__structs_literal(rows, fields) -%}
    {%- set shape = [] -%}
    {%- for name, type in fields.items() -%}
        {%- do shape.append(name ~ ' ' ~ {'text': 'string', 'double': 'float64'}[type]) -%}
    {%- endfor -%}
    {%- set structs = [] -%}
    {%- for row in rows or [] -%}
        {%- do structs.append('(' ~ values_of_struct(row, fields) ~ ')') -%}
    {%- endfor -%}
    {%- set list = 'array<struct<' ~ shape | join(', ') ~ '>>' -%}
    {{ 'cast(null as ' ~ list ~ ')' if rows is none else list ~ '[' ~ structs | join(', ') ~ ']' }}
{%- endmacro -%}

{%- macro athena__structs_literal(rows, fields) -%}
    {%- set shape = [] -%}
    {%- for name, type in fields.items() -%}
        {%- do shape.append(name ~ ' ' ~ {'text': 'varchar', 'double': 'double'}[type]) -%}
    {%- endfor -%}
    {%- set structs = [] -%}
    {%- for row in rows or [] -%}
        {%- do structs.append('row(' ~ values_of_struct(row, fields) ~ ')') -%}
    {%- endfor -%}
    {%- set list = 'null' if rows is none else 'array[' ~ structs | join(', ') ~ ']' -%}
    cast({{ list }} as array(row({{ shape | join(', ') }})))
{%- endmacro -%}

{%- macro values_of_struct(row, fields) -%}
    {%- set values = [] -%}
    {%- for value, type in zip(row, fields.values()) -%}
        {%- do values.append(text_literal(value) if type == 'text' or value is none else value) -%}
    {%- endfor -%}
    {{- values | join(', ') -}}
{%- endmacro -%}

{%- macro synapse__structs_literal(rows, fields) -%}
    {%- set structs = [] -%}
    {%- for row in rows or [] -%}
        {%- do structs.append(dict(zip(fields, row))) -%}
    {%- endfor -%}
    cast({{ text_literal(none if rows is none else tojson(structs)) }} as varchar(8000))
{%- endmacro -%}
