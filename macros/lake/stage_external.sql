{#-
    The raw schema of a warehouse, from the files that the lake's listing names. The sources come first and current_slices
    last, because it decides which slices are built: killed in between, a warehouse knows the old deliveries, whose files
    stay in the lake until the next staging.
-#}
{%- macro stage_external(shape) -%}
    {%- set raw = api.Relation.create(database=target.database, schema=env_var('CLOUDTALLY_SCHEMA_PREFIX', '') ~ 'raw') -%}
    {%- do adapter.create_schema(raw) -%}
    {%- set columns = [
        {'name': 'place', 'data_type': 'bigint'}, {'name': 'relation', 'data_type': 'varchar'},
        {'name': 'delivery_id', 'data_type': 'varchar'}, {'name': 'uri', 'data_type': 'varchar'}
    ] -%}
    {%- set listing = raw.incorporate(path={'identifier': 'flat_files'}, type='view') -%}
    {%- do external_relation(listing, columns, [
        {'delivery_id': '', 'uri': 'catalog/' ~ shape ~ '/flat_files/flat_files.parquet'}
    ]) -%}
    {%- set files = {} -%}
    {%- for row in run_query('select relation, delivery_id, uri from ' ~ listing ~ ' order by place').rows -%}
        {%- do files.setdefault(row[0], []).append({'delivery_id': row[1], 'uri': row[2]}) -%}
    {%- endfor -%}
    {%- set sources = graph.sources.values() | list -%}
    {%- for source in sources | rejectattr('source_name', 'eq', 'lake') | list
            + sources | selectattr('source_name', 'eq', 'lake') | rejectattr('name', 'eq', 'current_slices') | list
            + sources | selectattr('name', 'eq', 'current_slices') | list -%}
        {%- do log('raw ' ~ source.name ~ ': ' ~ files.get(source.name, []) | length ~ ' files', info=true) -%}
        {%- do external_relation(
            raw.incorporate(path={'identifier': source.name}, type='view'), external_columns(source), files.get(source.name, [])
        ) -%}
    {%- endfor -%}
{%- endmacro -%}

{#- The columns of a source as the flat files have them: name, and type in DuckDB's words. -#}
{%- macro external_columns(source) -%}
    {%- set columns = [] -%}
    {%- for column in (history_columns(source.name) if source.source_name == 'history' else source.columns.values()) -%}
        {%- do columns.append({'name': column.name | lower, 'data_type': column.data_type | lower}) -%}
    {%- endfor -%}
    {%- if source.source_name not in ['lake', 'history'] -%}
        {%- for name in source.meta.get('pack', {}).keys() | list + ['delivery_id', 'scope', 'row_id'] -%}
            {%- do columns.append({'name': name, 'data_type': 'varchar'}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(columns) -}}
{%- endmacro -%}

{#- A statement that gives no rows. -#}
{%- macro run_statement(sql) -%}
    {%- call statement('run_statement', auto_begin=false) -%}{{ sql }}{%- endcall -%}
{%- endmacro -%}
