{#-
    One source over its current files: the declared shape with no rows, and by name the files of each format. Beside the
    declared columns stand delivery_id, scope, file_name and row_id (unique in the delivery), all read from the path.
-#}
{%- macro raw_view(raw, source) -%}
    {%- set files = run_query(
        "select format, path, column_names from " ~ raw ~ ".delivery_files where dataset = '" ~ source.name
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
        {%- set of_format = files.rows | selectattr('format', 'eq', format) | list -%}
        {%- if of_format %}
    union all by name
    select {{ raw_columns(source, of_format) }},
        regexp_extract(filename, 'delivery=([^/]+)/', 1) as delivery_id,
        regexp_extract(filename, '([^/]+)/exported=', 1) as scope,
        concat(substr(md5(regexp_extract(filename, 'delivery=.*$')), 1, 8), '-', {{ row_id }}) as row_id
    from {{ read_files(format, of_format | map(attribute='path') | list, source) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}

{#- The declared columns that these files have, JSON ones as JSON whatever they are in the file, and packed prefixes. -#}
{%- macro raw_columns(source, files) -%}
    {%- set present = {} -%}
    {%- for file in files -%}
        {%- for name in file.column_names.split('\n') -%}{%- do present.update({name | lower: name}) -%}{%- endfor -%}
    {%- endfor -%}
    {%- set selected = [] -%}
    {%- for column in source.columns.values() if column.name | lower in present -%}
        {%- set name = '"' ~ column.name ~ '"' -%}
        {%- do selected.append('try_cast(' ~ name ~ ' as json) as ' ~ name if column.data_type == 'json' else name) -%}
    {%- endfor -%}
    {%- for packed, prefix in source.meta.get('pack', {}).items() -%}
        {%- set pairs = [] -%}
        {%- for lowered, name in present.items() if lowered.startswith(prefix | lower) -%}
            {%- do pairs.append("'" ~ name[prefix | length:] | replace("'", "''") ~ "', " ~ '"' ~ name | replace('"', '""') ~ '"') -%}
        {%- endfor -%}
        {%- if pairs -%}
            {#- merging into an empty object drops the keys that are null -#}
            {%- do selected.append("cast(json_merge_patch('{}', json_object(" ~ pairs | join(', ') ~ ")) as varchar) as " ~ packed) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- selected | join(', ') -}}
{%- endmacro -%}

{%- macro read_files(format, paths, source) -%}
    {%- set list = "['" ~ paths | map('replace', "'", "''") | join("', '") ~ "']" -%}
    {%- if format == 'parquet' -%}
        read_parquet({{ list }}, union_by_name = true, filename = true, file_row_number = true, hive_partitioning = false)
    {%- else -%}
        {%- set nulls = [''] + source.meta.get('null_texts', []) -%}
        read_csv({{ list }}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', sample_size = 1,
            nullstr = ['{{ nulls | join("', '") }}'], union_by_name = true, filename = true, hive_partitioning = false)
    {%- endif -%}
{%- endmacro -%}
