{#-
    An engine's own type of an external column for the type that a source declares in DuckDB's words. The one place of
    this translation; nested types stay nested where the flat files keep them so.
-#}
{%- macro column_type(data_type) -%}
    {{- return(adapter.dispatch('column_type', 'cloudtally')(data_type | lower | trim)) -}}
{%- endmacro -%}

{%- macro default__column_type(data_type) -%}
    {{- return(data_type) -}}
{%- endmacro -%}

{%- macro bigquery__column_type(data_type) -%}
    {%- set kind = kind_of(data_type) -%}
    {%- if kind.name == 'struct' -%}
        {%- set fields = [] -%}
        {%- for field in kind.parts -%}
            {%- do fields.append('`' ~ field.split(' ', 1)[0] ~ '` ' ~ column_type(field.split(' ', 1)[1])) -%}
        {%- endfor -%}
        {{- return('struct<' ~ fields | join(', ') ~ '>') -}}
    {%- elif kind.name == 'list' -%}
        {{- return('array<' ~ column_type(kind.parts[0]) ~ '>') -}}
    {%- elif kind.name == 'map' -%}
        {{- return('array<struct<`key` ' ~ column_type(kind.parts[0]) ~ ', `value` ' ~ column_type(kind.parts[1]) ~ '>>') -}}
    {%- elif kind.name == 'decimal' -%}
        {{- return('bignumeric(' ~ kind.parts | join(', ') ~ ')') -}}
    {%- else -%}
        {{- return({
            'text': 'string', 'double': 'float64', 'timestamp': 'timestamp', 'date': 'date', 'boolean': 'bool',
            'bigint': 'int64', 'integer': 'int64',
        }[kind.name]) -}}
    {%- endif -%}
{%- endmacro -%}

{#- Hive's words, in which Athena's external tables are declared. -#}
{%- macro athena__column_type(data_type) -%}
    {%- set kind = kind_of(data_type) -%}
    {%- if kind.name == 'struct' -%}
        {%- set fields = [] -%}
        {%- for field in kind.parts -%}
            {%- do fields.append(field.split(' ', 1)[0] ~ ':' ~ column_type(field.split(' ', 1)[1])) -%}
        {%- endfor -%}
        {{- return('struct<' ~ fields | join(',') ~ '>') -}}
    {%- elif kind.name == 'list' -%}
        {{- return('array<' ~ column_type(kind.parts[0]) ~ '>') -}}
    {%- elif kind.name == 'map' -%}
        {{- return('array<struct<key:' ~ column_type(kind.parts[0]) ~ ',value:' ~ column_type(kind.parts[1]) ~ '>>') -}}
    {%- elif kind.name == 'decimal' -%}
        {{- return('decimal(' ~ kind.parts | join(',') ~ ')') -}}
    {%- else -%}
        {{- return({
            'text': 'string', 'double': 'double', 'timestamp': 'timestamp', 'date': 'date', 'boolean': 'boolean',
            'bigint': 'bigint', 'integer': 'int',
        }[kind.name]) -}}
    {%- endif -%}
{%- endmacro -%}

{#-
    A row of an external table may be declared at most one million bytes wide, and the widest source has some 130 texts.
-#}
{%- macro synapse__column_type(data_type) -%}
    {%- set kind = kind_of(data_type) -%}
    {%- if kind.name in ['struct', 'list', 'map'] or data_type == 'json' -%}
        {{- return('varchar(8000)') -}}
    {%- elif kind.name == 'decimal' -%}
        {{- return('decimal(' ~ kind.parts | join(', ') ~ ')') -}}
    {%- else -%}
        {{- return({
            'text': 'varchar(4000)', 'double': 'float', 'timestamp': 'datetime2(6)', 'date': 'date', 'boolean': 'bit',
            'bigint': 'bigint', 'integer': 'int',
        }[kind.name]) -}}
    {%- endif -%}
{%- endmacro -%}

{#- What a type of DuckDB is: text, double, …, or struct, list, map, decimal with the parts that its brackets hold. -#}
{%- macro kind_of(data_type) -%}
    {%- set found = data_type | trim -%}
    {%- if found.endswith('[]') -%}
        {{- return({'name': 'list', 'parts': [found[:-2]]}) -}}
    {%- endif -%}
    {%- set name = found.split('(')[0] | trim -%}
    {%- if name in ['struct', 'map', 'decimal'] -%}
        {{- return({'name': name, 'parts': parts_of(found[name | length + 1:-1])}) -}}
    {%- elif name in ['varchar', 'json'] -%}
        {{- return({'name': 'text', 'parts': []}) -}}
    {%- elif name.startswith('timestamp') -%}
        {{- return({'name': 'timestamp', 'parts': []}) -}}
    {%- elif name in ['double', 'date', 'boolean', 'bigint', 'integer'] -%}
        {{- return({'name': name, 'parts': []}) -}}
    {%- endif -%}
    {{- exceptions.raise_compiler_error('no engine is told what a column of type ' ~ data_type ~ ' is') -}}
{%- endmacro -%}

{#- A list by its commas, but those within brackets. -#}
{%- macro parts_of(listed) -%}
    {%- set parts = [] -%}
    {%- set open = namespace(part='', depth=0) -%}
    {%- for character in listed -%}
        {%- if character == ',' and open.depth == 0 -%}
            {%- do parts.append(open.part | trim) -%}
            {%- set open.part = '' -%}
        {%- else -%}
            {%- set open.depth = open.depth + (1 if character == '(' else -1 if character == ')' else 0) -%}
            {%- set open.part = open.part ~ character -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do parts.append(open.part | trim) -%}
    {{- return(parts) -}}
{%- endmacro -%}
