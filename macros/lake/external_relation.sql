{#-
    A view of the given name over an external table, `<name>__files`, that reads exactly the given files; of no file, a view
    without rows. `columns` have name and DuckDB's type, `files` a delivery_id (empty for the catalog) and a uri relative
    to the lake.
-#}
{%- macro external_relation(relation, columns, files) -%}
    {{- adapter.dispatch('external_relation', 'cloudtally')(
        relation, relation.incorporate(path={'identifier': relation.identifier ~ '__files'}, type='table'), columns, files
    ) -}}
{%- endmacro -%}

{%- macro default__external_relation(relation, external, columns, files) -%}
    {{- exceptions.raise_compiler_error('only a warehouse reads the flat files of the lake through external tables') -}}
{%- endmacro -%}

{%- macro bigquery__external_relation(relation, external, columns, files) -%}
    {%- if files -%}
        {%- do run_statement(bigquery__external_ddl(external, columns, files)) -%}
    {%- endif -%}
    {%- set view -%}
        create or replace view {{ relation }} as
        select
        {%- for column in columns %}
            {{ '' if files else 'cast(null as ' ~ column_type(column.data_type) ~ ') as ' }}`{{ column.name }}`{{ ',' if not loop.last }}
        {%- endfor %}
        from {{ external if files else '(select 1 as nothing)' }}{{ '' if files else ' where 1 = 0' }}
    {%- endset -%}
    {%- do run_statement(view) -%}
{%- endmacro -%}

{#- The decimals of the lake have more places than NUMERIC holds. -#}
{%- macro bigquery__external_ddl(external, columns, files) -%}
    create or replace external table {{ external }} (
    {%- for column in columns %}
        `{{ column.name }}` {{ column_type(column.data_type) }}{{ ',' if not loop.last }}
    {%- endfor %}
    )
    options (
        format = 'PARQUET',
        enable_list_inference = true,
        decimal_target_types = ['BIGNUMERIC'],
        uris = [
        {%- for file in files %}
            '{{ lake_path(file.uri) }}'{{ ',' if not loop.last }}
        {%- endfor %}
        ]
    )
{%- endmacro -%}

{#-
    One partition a delivery, each with its folder: what else lies beside them is not read. A table of no partition has no
    rows. Never dropped through the adapter, which would remove the lake's files with the table. Of files that are no
    Iceberg table's Athena reads times to the millisecond, as a type that an Iceberg table does not take.
-#}
{%- macro athena__external_relation(relation, external, columns, files) -%}
    {%- set is_partitioned = not files or files[0].delivery_id -%}
    {%- do run_statement('drop table if exists ' ~ external.render_hive()) -%}
    {%- set ddl -%}
        create external table {{ external.render_hive() }} (
        {%- for column in columns %}
            `{{ column.name }}` {{ column_type(column.data_type) }}{{ ',' if not loop.last }}
        {%- endfor %}
        )
        {{ 'partitioned by (`delivery` string)' if is_partitioned }}
        stored as parquet
        location '{{ lake_path(folder_of(files[0].uri) if files else 'flat/none') }}/'
    {%- endset -%}
    {%- do run_statement(ddl) -%}
    {%- if is_partitioned -%}
        {%- for some in files | batch(100) -%}
            {%- set partitions -%}
                alter table {{ external.render_hive() }} add
                {%- for file in some %}
                partition (`delivery` = '{{ file.delivery_id }}') location '{{ lake_path(file.uri.rsplit('/', 1)[0]) }}/'
                {%- endfor %}
            {%- endset -%}
            {%- do run_statement(partitions) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set view -%}
        create or replace view {{ relation }} as
        select
        {%- for column in columns %}
            {% set kind = kind_of(column.data_type).name -%}
            {%- if kind == 'map' -%}
                map_from_entries("{{ column.name }}") as "{{ column.name }}"
            {%- elif kind == 'timestamp' -%}
                cast("{{ column.name }}" as {{ type_timestamp() }}) as "{{ column.name }}"
            {%- else -%}
                "{{ column.name }}"
            {%- endif -%}
            {{ ',' if not loop.last }}
        {%- endfor %}
        from {{ external }}
    {%- endset -%}
    {%- do run_statement(view) -%}
{%- endmacro -%}

{#-
    An external table reads its folder whole, so the view names the deliveries that it may hold. The columns of a file are
    found by their place.
-#}
{%- macro synapse__external_relation(relation, external, columns, files) -%}
    {%- do run_statement("if object_id('" ~ relation.schema ~ "." ~ relation.identifier ~ "', 'V') is not null drop view " ~ synapse__two_parts(relation)) -%}
    {%- do run_statement(
        "if exists (select 1 as found from sys.external_tables where object_id = object_id('" ~ external.schema ~ "." ~ external.identifier
        ~ "')) drop external table " ~ synapse__two_parts(external)
    ) -%}
    {%- if files -%}
        {%- set lake = synapse__lake() -%}
        {%- set ddl -%}
            create external table {{ synapse__two_parts(external) }} (
            {%- for column in columns %}
                [{{ column.name }}] {{ column_type(column.data_type) }} null{{ ',' if not loop.last }}
            {%- endfor %}
            )
            with (
                location = '{{ lake.folder }}/{{ folder_of(files[0].uri) }}/',
                data_source = [{{ lake.data_source }}],
                file_format = [cloudtally_parquet]
            )
        {%- endset -%}
        {%- do run_statement(ddl) -%}
    {%- endif -%}
    {%- set view -%}
        create view {{ synapse__two_parts(relation) }} as
        select
        {%- for column in columns %}
            {{ '' if files else 'cast(null as ' ~ column_type(column.data_type) ~ ') as ' }}[{{ column.name }}]{{ ',' if not loop.last }}
        {%- endfor %}
        from {{ synapse__two_parts(external) if files else '(select 1 as nothing) as nothing' }}
        {%- if not files %}
        where 1 = 0
        {%- elif files[0].delivery_id %}
        where [delivery_id] in ('{{ files | map(attribute='delivery_id') | join("', '") }}')
        {%- endif %}
    {%- endset -%}
    {#- a view is the only statement of its batch -#}
    {%- do run_statement("exec('" ~ view | replace("'", "''") ~ "')") -%}
{%- endmacro -%}

{%- macro synapse__two_parts(relation) -%}
    {{- '[' ~ relation.schema ~ '].[' ~ relation.identifier ~ ']' -}}
{%- endmacro -%}

{#-
    The data source of the lake's container, named after it, and the lake's folder there. Both it and the file format are
    made when they are not there; CLOUDTALLY_SYNAPSE_CREDENTIAL names the database scoped credential, if one is needed.
-#}
{%- macro synapse__lake() -%}
    {%- set parts = lake_path('').rstrip('/').split('/') -%}
    {%- set root = parts[:3] | join('/') -%}
    {%- set data_source = 'cloudtally_' ~ local_md5(root)[:8] -%}
    {%- set credential = env_var('CLOUDTALLY_SYNAPSE_CREDENTIAL', '') -%}
    {%- do run_statement(
        "if not exists (select 1 as found from sys.external_data_sources where name = '" ~ data_source ~ "') "
        ~ "create external data source [" ~ data_source ~ "] with (type = hadoop, location = '" ~ root ~ "'"
        ~ (", credential = [" ~ credential ~ "]" if credential else '') ~ ")"
    ) -%}
    {%- do run_statement(
        "if not exists (select 1 as found from sys.external_file_formats where name = 'cloudtally_parquet') "
        ~ "create external file format [cloudtally_parquet] with (format_type = parquet)"
    ) -%}
    {{- return({'data_source': data_source, 'folder': ([''] + parts[3:]) | join('/')}) -}}
{%- endmacro -%}

{#- The folder that holds all files of a source, or the one file of a catalog's table. -#}
{%- macro folder_of(uri) -%}
    {{- return(uri.split('/delivery=')[0] if '/delivery=' in uri else uri.rsplit('/', 1)[0]) -}}
{%- endmacro -%}
