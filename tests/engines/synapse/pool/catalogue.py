"""The pool's own memory beside its tables: distributions, external objects, and the catalogue's views over DuckDB's."""

VIEWS = """
create schema if not exists dbo;
create schema if not exists sys;
create table if not exists sys.distributions (schema_name varchar, name varchar, distribution varchar, index_kind varchar);
create table if not exists sys.external_data_sources (name varchar, location varchar, type_desc varchar, credential varchar);
create table if not exists sys.external_file_formats (name varchar, format_type varchar);
create table if not exists sys.database_scoped_credentials (name varchar, credential_identity varchar);
create table if not exists sys.database_master_keys (name varchar);
create table if not exists sys.remembered_external (schema_name varchar, name varchar, location varchar, data_source varchar);
create view if not exists sys.schemas as
    select schema_name as name, cast(hash(lower(schema_name)) % 2147483647 as int) as schema_id, 1 as principal_id
    from duckdb_schemas() where database_name = current_catalog() and schema_name not in ('main', 'pg_catalog');
create view if not exists sys.objects as
    select
        schema_name, table_name as name, 'U' as type, 'USER_TABLE' as type_desc,
        cast(hash(lower(schema_name || '.' || table_name)) % 2147483647 as int) as object_id,
        cast(hash(lower(schema_name)) % 2147483647 as int) as schema_id, 1 as principal_id,
        timestamp '2026-01-01' as create_date, timestamp '2026-01-01' as modify_date
    from duckdb_tables() where database_name = current_catalog() and schema_name <> 'sys'
    union all
    select
        v.schema_name, v.view_name, case when e.name is null then 'V' else 'U' end,
        case when e.name is null then 'VIEW' else 'USER_TABLE' end,
        cast(hash(lower(v.schema_name || '.' || v.view_name)) % 2147483647 as int),
        cast(hash(lower(v.schema_name)) % 2147483647 as int), 1, timestamp '2026-01-01', timestamp '2026-01-01'
    from duckdb_views() as v
    left join sys.remembered_external as e on lower(e.schema_name) = lower(v.schema_name) and lower(e.name) = lower(v.view_name)
    where v.database_name = current_catalog() and not v.internal and v.schema_name <> 'sys';
create view if not exists sys.tables as select *, case when name in (select name from sys.remembered_external as e
    where lower(e.schema_name) = lower(o.schema_name)) then 1 else 0 end as is_external from sys.objects as o where type = 'U';
create view if not exists sys.views as select * from sys.objects where type = 'V';
create view if not exists sys.external_tables as
    select t.*, e.location, e.data_source from sys.tables as t
    join sys.remembered_external as e on lower(e.schema_name) = lower(t.schema_name) and lower(e.name) = lower(t.name);
create view if not exists sys.database_principals as select 'dbo' as name, 1 as principal_id, 'S' as type;
create view if not exists sys.information_tables as
    select current_catalog() as table_catalog, schema_name as table_schema, name as table_name,
        case type when 'U' then 'BASE TABLE' else 'VIEW' end as table_type
    from sys.objects;
create view if not exists sys.information_schemata as select name as schema_name from sys.schemas;
create view if not exists sys.information_columns as
    select
        database_name as table_catalog, schema_name as table_schema, table_name, column_name, column_index as ordinal_position,
        case when data_type like 'DECIMAL%' then 'decimal' else case data_type
            when 'VARCHAR' then 'varchar' when 'DOUBLE' then 'float' when 'FLOAT' then 'real' when 'BIGINT' then 'bigint'
            when 'HUGEINT' then 'decimal' when 'INTEGER' then 'int' when 'SMALLINT' then 'smallint' when 'UTINYINT' then 'tinyint'
            when 'BOOLEAN' then 'bit' when 'DATE' then 'date' when 'TIMESTAMP' then 'datetime2'
            when 'TIMESTAMP WITH TIME ZONE' then 'datetimeoffset' else lower(data_type) end end as data_type,
        case when data_type = 'VARCHAR' then 8000 end as character_maximum_length,
        case data_type when 'HUGEINT' then 38 else numeric_precision end as numeric_precision, numeric_scale,
        case when is_nullable then 'YES' else 'NO' end as is_nullable
    from duckdb_columns() where database_name = current_catalog() and schema_name <> 'sys' and not internal;
"""


def views() -> list[str]:
    return [statement.strip() for statement in VIEWS.split(";") if statement.strip()]
