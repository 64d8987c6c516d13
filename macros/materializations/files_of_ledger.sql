{#-
    The files that the ledger's views name, by slice: the file's name, and the code part of it. A model that is kept from
    the ledger's rows takes them for its stamp: the name changes exactly when the slice's rows may have.
-#}
{%- macro files_of_ledger() -%}
    {%- set views = run_query(
        "select coalesce(string_agg(sql, ' '), '') from duckdb_views() where database_name = current_database() and schema_name = '"
        ~ ref('stg_aws__focus').schema ~ "' and view_name in ('stg_aws__focus', 'stg_azure__focus', 'stg_gcp__focus', 'stg_focus__focus')"
    ).columns[0].values()[0] -%}
    {%- set files = {} -%}
    {%- for file in modules.re.finditer("/([^/']+)\\.([0-9a-f]{16})\\.([0-9a-f]{16})\\.parquet'", views) -%}
        {%- do files.update({file.group(1): {'name': file.group(0), 'mapping': file.group(3)}}) -%}
    {%- endfor -%}
    {{- return(files) -}}
{%- endmacro -%}
