{#-
    One source over its current files: the declared shape with no rows, and by name the files of each format. Beside the
    declared columns stand delivery_id, scope and row_id, which is unique in the delivery. Of CSV it is another at each read.
-#}
{%- macro raw_view(raw, source) -%}
    {%- set files = run_query(
        "select delivery_id, format, path, column_names, coalesce(nested_columns, '') as nested_columns from " ~ raw ~ ".delivery_files where dataset = '" ~ source.name
        ~ "' and format <> 'empty' and delivery_id in (select delivery_id from " ~ raw ~ ".current_slices where is_current = 1) order by path"
    ) -%}
    select
    {%- for column in source.columns.values() %}
        cast(null as {{ column.data_type }}) as "{{ column.name }}",
    {%- endfor %}
    {%- for packed in source.meta.get('pack', {}) %}
        cast(null as varchar) as {{ packed }},
    {%- endfor %}
        cast(null as varchar) as delivery_id, cast(null as varchar) as scope, cast(null as varchar) as row_id
    where 1 = 0
    {%- for format, row_id in [('parquet', 'file_row_number'), ('csv', 'uuidv7()')] -%}
        {%- for of_format in alike(files.rows | selectattr('format', 'eq', format) | list, source) %}
    union all by name
    select {{ raw_columns(source, format, of_format) }},
        regexp_extract(filename, 'delivery=([^/]+)/', 1) as delivery_id,
        regexp_extract(filename, '([^/]+)/exported=', 1) as scope,
        concat(substr(md5(regexp_extract(filename, 'delivery=.*$')), 1, 8), '-', {{ row_id }}) as row_id
    from {{ read_files(format, of_format | map(attribute='path') | list, source) }}
    where {{ is_read_now("regexp_extract(filename, 'delivery=([^/]+)/', 1)") }}
        {%- endfor -%}
    {%- endfor -%}
    {#- Rows of JSON are joined with what is read of them a second time, so they need the same id at each read: their number
        in the delivery. A delivery is a select of its own, named by literals, because no filter passes through a number. -#}
    {%- for delivery_id, delivered in files.rows | selectattr('format', 'eq', 'json') | groupby('delivery_id') %}
    union all by name
    select {{ raw_columns(source, 'json', delivered) }},
        '{{ delivery_id }}' as delivery_id,
        '{{ modules.re.search('([^/]+)/exported=', delivered[0].path).group(1) | replace("'", "''") }}' as scope,
        concat('json-', row_number() over ()) as row_id
    from {{ read_files('json', delivered | map(attribute='path') | list, source) }}
    where {{ is_read_now("'" ~ delivery_id ~ "'") }}
    {%- endfor -%}
{%- endmacro -%}

{#-
    Files that one reader can read together: a column declared as JSON is text in one vendor's Parquet files, a map or a
    list in another's, and those cannot be united by name.
-#}
{%- macro alike(files, source) -%}
    {%- set wanted = source.columns.values() | selectattr('data_type', 'equalto', 'json') | map(attribute='name') | map('lower') | list -%}
    {%- set groups = {} -%}
    {%- for file in files -%}
        {%- set kinds = [] -%}
        {%- for nested in file.nested_columns.split('\n') if nested.split(':')[0] in wanted -%}
            {%- do kinds.append(nested) -%}
        {%- endfor -%}
        {%- do groups.setdefault(kinds | sort | join(' '), []).append(file) -%}
    {%- endfor -%}
    {{- return(groups.values() | list) -}}
{%- endmacro -%}

{#-
    The declared columns that these files have, in the declared type, and the packed prefixes. Names are compared without
    case, slashes and underscores: exports spell one column lineItem/UnblendedCost, line_item_unblended_cost or Cost, cost.
-#}
{%- macro raw_columns(source, format, files) -%}
    {%- set names = {} -%}
    {%- for file in files -%}
        {%- for name in file.column_names.split('\n') if name | lower not in names -%}
            {%- do names.update({name | lower: name}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set spellings = {} -%}
    {%- for name in names.values() -%}
        {%- do spellings.setdefault(plain_name(name), []).append(name) -%}
    {%- endfor -%}
    {%- set selected = [] -%}
    {%- for column in source.columns.values() if plain_name(column.name) in spellings -%}
        {%- set values = [] -%}
        {%- set spelled = [column.name] if format == 'json' else spellings[plain_name(column.name)] -%}
        {%- for name in spelled -%}
            {%- set value = typed(quoted(name), column.data_type | lower, format) -%}
            {#- two spellings of a text may be a text and a time -#}
            {%- do values.append('cast(' ~ value ~ ' as varchar)' if spelled | length > 1 and column.data_type == 'varchar' else value) -%}
        {%- endfor -%}
        {%- set value = values[0] if values | length == 1 else 'coalesce(' ~ values | join(', ') ~ ')' -%}
        {#- what a format's CSV reads as null is null in its Parquet files too -#}
        {%- if format == 'parquet' and column.data_type == 'varchar' and source.meta.get('null_texts') -%}
            {%- set value = 'nullif(cast(' ~ value ~ " as varchar), '')" -%}
        {%- endif -%}
        {%- do selected.append(value ~ ' as ' ~ quoted(column.name)) -%}
    {%- endfor -%}
    {%- for packed, slashed in source.meta.get('pack', {}).items() -%}
        {%- set snaked = modules.re.sub('([A-Z])', '_\\1', slashed) | replace('/', '_') -%}
        {%- set lost = '^' ~ source.meta.get('pack_without', {}).get(packed, '') -%}
        {%- set values = {} -%}
        {%- for name in names.values() -%}
            {#- DuckDB numbers the later ones of headers that differ in case only -#}
            {%- set twin = modules.re.sub('_[0-9]+$', '', name) -%}
            {%- set spelled = twin if twin | lower in names else name -%}
            {%- for prefix in [slashed, snaked] if (name | lower).startswith(prefix | lower) -%}
                {%- set key = modules.re.sub(lost, '', spelled[prefix | length:]) -%}
                {%- do values.setdefault(key | replace("'", "''"), []).append(quoted(name)) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if values -%}
            {#- a pair whose value is null is null and left out; several times as fast as DuckDB's own object without nulls -#}
            {%- set pairs = [] -%}
            {%- for key, columns in values.items() -%}
                {%- do pairs.append("to_json('" ~ key ~ "') || ':' || to_json(coalesce(" ~ columns | join(', ') ~ '))') -%}
            {%- endfor -%}
            {%- do selected.append("concat('{', concat_ws(',', " ~ pairs | join(', ') ~ "), '}') as " ~ packed) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- selected | join(', ') -}}
{%- endmacro -%}

{%- macro plain_name(name) -%}
    {{- return(name | lower | replace('_', '') | replace('/', '')) -}}
{%- endmacro -%}

{%- macro quoted(name) -%}
    {{- return('"' ~ name | replace('"', '""') ~ '"') -}}
{%- endmacro -%}

{#- A column in its declared type. Parquet's own nested types stay as they are: their fields are united by name. -#}
{%- macro typed(name, data_type, format) -%}
    {%- if data_type == 'json' -%}
        {{- return('try_cast(' ~ name ~ ' as json)') -}}
    {%- elif data_type.startswith('map') and format == 'csv' -%}
        {{- return('cast(try_cast(' ~ name ~ ' as json) as ' ~ data_type ~ ')') -}}
    {%- elif format != 'json' and data_type.split('(')[0] in ['double', 'decimal', 'timestamp', 'timestamptz', 'timestamp with time zone'] -%}
        {{- return('cast(' ~ name ~ ' as ' ~ data_type ~ ')') -}}
    {%- else -%}
        {{- return(name) -}}
    {%- endif -%}
{%- endmacro -%}

{%- macro read_files(format, paths, source) -%}
    {%- set list = "['" ~ paths | map('replace', "'", "''") | join("', '") ~ "']" -%}
    {%- if format == 'parquet' -%}
        read_parquet({{ list }}, union_by_name = true, filename = true, file_row_number = true, hive_partitioning = false)
    {%- elif format == 'json' -%}
        {%- set types = [] -%}
        {%- for column in source.columns.values() -%}
            {%- do types.append(quoted(column.name) ~ ": '" ~ column.data_type | replace("'", "''") ~ "'") -%}
        {%- endfor -%}
        read_json({{ list }}, format = 'newline_delimited', columns = { {{- types | join(', ') -}} }, filename = true,
            hive_partitioning = false, maximum_object_size = 67108864)
    {%- else -%}
        {%- set nulls = [''] + source.meta.get('null_texts', []) -%}
        read_csv({{ list }}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', comment = '', skip = 0, sample_size = 1,
            nullstr = ['{{ nulls | join("', '") }}'], union_by_name = true, filename = true, hive_partitioning = false)
    {%- endif -%}
{%- endmacro -%}
