{#-
    The files that the ledger's views name, by slice: the file's name, and the code part of it. A model that is kept from
    the ledger's rows takes them for its stamp: the name changes exactly when the slice's rows may have. Of a ledger that is
    kept in tables, the stamps say the same.
-#}
{%- macro files_of_ledger() -%}
    {%- if kept_in_tables() -%}
        {{- return(stamps_of_ledger()) -}}
    {%- endif -%}
    {%- set views = run_query(
        "select coalesce(string_agg(sql, ' '), '') from duckdb_views() where database_name = current_database() and schema_name = '"
        ~ ref('stg_aws__focus').schema ~ "' and view_name in ('" ~ models_of_ledger() | join("', '") ~ "')"
    ).columns[0].values()[0] -%}
    {%- set files = {} -%}
    {%- for file in modules.re.finditer("/([^/']+)\\.([0-9a-f]{16})\\.([0-9a-f]{16})\\.parquet'", views) -%}
        {%- do files.update({file.group(1): {'name': file.group(0), 'mapping': file.group(3)}}) -%}
    {%- endfor -%}
    {{- return(files) -}}
{%- endmacro -%}

{%- macro stamps_of_ledger() -%}
    {%- set files = {} -%}
    {%- for name in models_of_ledger() -%}
        {%- set kept = ref('stg_aws__focus').incorporate(path={'identifier': name}) -%}
        {%- if load_kept(stamps_relation(kept)) is not none -%}
            {%- for slice, said in stamps_of(kept).items() -%}
                {#- a slice in the midst of a change is not held -#}
                {%- if said | length == 1 and said[0] -%}
                    {%- do files.update({slice: {'name': slice ~ '.' ~ said[0], 'mapping': said[0].split('.')[1]}}) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(files) -}}
{%- endmacro -%}

{#- The models that hold the ledger: a mapping of each provider, and that of native FOCUS files. -#}
{%- macro models_of_ledger() -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and modules.re.match('stg_.*__focus$', node.name) -%}
        {%- do names.append(node.name) -%}
    {%- endfor -%}
    {{- return(names | sort) -}}
{%- endmacro -%}
