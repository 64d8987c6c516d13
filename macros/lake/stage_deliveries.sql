{#- The delivery.json files as flat tables: deliveries, their slices, what of each day and which accounts are in a slice, their files. -#}
{%- macro stage_deliveries(raw, paths, notes) -%}
    {%- set shape -%}
        {
            delivery_id: 'varchar', provider: 'varchar', dataset: 'varchar', scope: 'varchar', exported_at: 'timestamp',
            landed_at: 'timestamp', estate: 'varchar', restores: 'varchar', source: 'varchar',
            files: 'struct(path varchar, bytes bigint, rows bigint, format varchar)[]',
            columns: 'struct(name varchar, type varchar, formats varchar[])[]', unknown_columns: 'varchar[]',
            export_time_from: 'timestamp', export_time_to: 'timestamp',
            slices: 'struct(provider varchar, billing_period date, billing_account_ids varchar[], rows bigint, files varchar[], days struct(charge_date date, rows bigint, cost varchar)[])[]'
        }
    {%- endset -%}
    {%- set delivered -%}
        {%- if paths -%}
            select *, regexp_replace(filename, '/delivery\.json$', '') as folder
            from read_json(['{{ paths | map('replace', "'", "''") | join("', '") }}'], columns = {{ shape }}, filename = true, maximum_object_size = 268435456)
        {%- else -%}
            select unnest(null::struct(
                delivery_id varchar, provider varchar, dataset varchar, scope varchar, exported_at timestamp,
                landed_at timestamp, estate varchar, restores varchar, source varchar,
                files struct(path varchar, bytes bigint, rows bigint, format varchar)[],
                columns struct(name varchar, type varchar, formats varchar[])[], unknown_columns varchar[],
                export_time_from timestamp, export_time_to timestamp,
                slices struct(provider varchar, billing_period date, billing_account_ids varchar[], rows bigint, files varchar[], days struct(charge_date date, rows bigint, cost varchar)[])[],
                folder varchar
            )) where false
        {%- endif -%}
    {%- endset -%}
    {%- do run_query('create or replace temp table delivered as ' ~ delivered) -%}
    {#- the newest later export that held a delivery's very files, and was not landed for that -#}
    {%- set seen -%}
        {%- if notes -%}
            read_json(['{{ notes | map('replace', "'", "''") | join("', '") }}'], columns = {delivery_id: 'varchar', exported_at: 'timestamp'})
        {%- else -%}
            (select null::varchar as delivery_id, null::timestamp as exported_at where false)
        {%- endif -%}
    {%- endset -%}
    {%- do run_query(
        'create or replace table ' ~ raw ~ '.deliveries as
        select delivered.delivery_id, provider, dataset, scope, delivered.exported_at,
            greatest(delivered.exported_at, seen.exported_at) as last_exported_at, landed_at, estate, restores, source,
            len(files) as files, list_sum(list_transform(files, lambda f: f.rows)) as rows,
            list_sum(list_transform(files, lambda f: f.bytes)) as bytes,
            array_to_string(unknown_columns, \', \') as unknown_columns, export_time_from, export_time_to
        from delivered
        left join ' ~ seen ~ ' as seen on delivered.delivery_id = seen.delivery_id'
    ) -%}
    {%- do run_query(
        'create or replace table ' ~ raw ~ '.delivery_slices as
        select delivery_id, slice.provider, slice.billing_period, slice.rows
        from (select delivery_id, unnest(slices) as slice from delivered)'
    ) -%}
    {%- do run_query(
        'create or replace table ' ~ raw ~ '.delivery_accounts as
        select delivery_id, slice.provider, slice.billing_period, unnest(slice.billing_account_ids) as billing_account_id
        from (select delivery_id, unnest(slices) as slice from delivered)'
    ) -%}
    {%- do run_query(
        'create or replace table ' ~ raw ~ '.delivery_days as
        select delivery_id, provider, billing_period, day.charge_date, day.rows, cast(day.cost as decimal(38, 12)) as cost
        from (select delivery_id, slice.provider, slice.billing_period, unnest(slice.days) as day
            from (select delivery_id, unnest(slices) as slice from delivered))'
    ) -%}
    {%- do run_query(
        'create or replace table ' ~ raw ~ '.delivery_files as
        select delivery_id, dataset, folder || \'/\' || file.path as path, file.format,
            array_to_string(list_transform(
                list_filter(columns, lambda c: c.formats is null or list_contains(c.formats, file.format)), lambda c: c.name
            ), chr(10)) as column_names,
            array_to_string(list_transform(
                list_filter(columns, lambda c: regexp_matches(c.type, \'^(MAP|STRUCT)|]$\')),
                lambda c: lower(c.name) || \':\' || regexp_extract(c.type, \'^MAP|]$\')
            ), chr(10)) as nested_columns
        from (select delivery_id, dataset, folder, columns, unnest(files) as file from delivered)'
    ) -%}
    {%- do run_query('drop table delivered') -%}
{%- endmacro -%}
