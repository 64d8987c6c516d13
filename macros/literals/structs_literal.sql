{#-
    A list of structs, as the engine reads it from a Parquet file; a null list of none. Fields are names with their types,
    `text` or `double`; a row is its values in that order, none for null.
-#}
{%- macro structs_literal(rows, fields) -%}
    {{- return(adapter.dispatch('structs_literal', 'cloudtally')(rows, fields)) -}}
{%- endmacro -%}

{%- macro default__structs_literal(rows, fields) -%}
    {%- set list = 'null' if rows is none else '[' ~ structs_of(rows, fields, 'row') ~ ']' -%}
    cast({{ list }} as struct({{ shape_of(fields, 'varchar', 'double') }})[])
{%- endmacro -%}

{%- macro bigquery__structs_literal(rows, fields) -%}
    {%- set type = 'array<struct<' ~ shape_of(fields, 'string', 'float64') ~ '>>' -%}
    {{ 'cast(null as ' ~ type ~ ')' if rows is none else type ~ '[' ~ structs_of(rows, fields, '') ~ ']' }}
{%- endmacro -%}

{%- macro athena__structs_literal(rows, fields) -%}
    {%- set list = 'null' if rows is none else 'array[' ~ structs_of(rows, fields, 'row') ~ ']' -%}
    cast({{ list }} as array(row({{ shape_of(fields, 'varchar', 'double') }})))
{%- endmacro -%}

{%- macro synapse__structs_literal(rows, fields) -%}
    {%- set structs = [] -%}
    {%- for row in rows or [] -%}
        {%- do structs.append(dict(zip(fields, row))) -%}
    {%- endfor -%}
    cast({{ text_literal(none if rows is none else tojson(structs)) }} as varchar(8000))
{%- endmacro -%}

{#- The fields' names with an engine's words for their types. -#}
{%- macro shape_of(fields, text, double) -%}
    {%- set shape = [] -%}
    {%- for name, type in fields.items() -%}
        {%- do shape.append(name ~ ' ' ~ {'text': text, 'double': double}[type]) -%}
    {%- endfor -%}
    {{- shape | join(', ') -}}
{%- endmacro -%}

{#- The rows as structs, each made by a constructor; on BigQuery a bracket alone makes one. -#}
{%- macro structs_of(rows, fields, constructor) -%}
    {%- set structs = [] -%}
    {%- for row in rows -%}
        {%- set values = [] -%}
        {%- for value, type in zip(row, fields.values()) -%}
            {%- do values.append(text_literal(value) if type == 'text' or value is none else value) -%}
        {%- endfor -%}
        {%- do structs.append(constructor ~ '(' ~ values | join(', ') ~ ')') -%}
    {%- endfor -%}
    {{- structs | join(', ') -}}
{%- endmacro -%}
