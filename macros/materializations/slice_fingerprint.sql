{#-
    A hash of the code and seeds that decide a sliced model's rows: its own compiled SQL, that of the views it reads, and
    the seeds. Tables and sliced models are left out: what those change stands in the slices' stamps.
    DuckDB knows its views' compiled SQL. Elsewhere their own code and that of this project's macros in it stand for it,
    which change whenever it does.
-#}
{%- macro slice_fingerprint() -%}
    {%- set texts = [model.compiled_code] -%}
    {%- for node in upstream_code(model.unique_id) | unique | sort -%}
        {%- set upstream = graph.nodes[node] -%}
        {%- if upstream.resource_type == 'seed' -%}
            {%- do texts.append(upstream.checksum.checksum) -%}
        {%- elif kept_in_tables() -%}
            {%- do texts.append(upstream.checksum.checksum) -%}
            {%- do texts.extend(macros_of(upstream.depends_on.macros)) -%}
        {%- else -%}
            {%- do texts.append(run_query(
                "select sql from duckdb_views() where database_name = current_database() and schema_name = '" ~ upstream.schema ~ "' and view_name = '" ~ upstream.alias ~ "'"
            ).columns[0].values() | join) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(local_md5(texts | join('\n') | replace(this.database, ''))) -}}
{%- endmacro -%}

{%- macro upstream_code(node) -%}
    {%- set found = [] -%}
    {%- for parent in graph.nodes[node].depends_on.nodes if parent in graph.nodes -%}
        {%- if graph.nodes[parent].resource_type == 'seed' -%}
            {%- do found.append(parent) -%}
        {%- elif graph.nodes[parent].config.materialized == 'view' -%}
            {%- do found.append(parent) -%}
            {%- do found.extend(upstream_code(parent)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}

{#- The texts of the project's macros among those named, and of all that those call. -#}
{%- macro macros_of(unique_ids) -%}
    {%- set seen = {} -%}
    {%- set open = unique_ids | list -%}
    {%- for unique_id in open if unique_id.split('.')[1] == project_name and unique_id not in seen -%}
        {%- set macro = context[unique_id.split('.')[2]].macro -%}
        {%- do seen.update({unique_id: macro.macro_sql}) -%}
        {#- the loop goes on through what is added to its list -#}
        {%- do open.extend(macro.depends_on.macros) -%}
    {%- endfor -%}
    {%- set texts = [] -%}
    {%- for unique_id in seen | sort -%}
        {%- do texts.append(seen[unique_id]) -%}
    {%- endfor -%}
    {{- return(texts) -}}
{%- endmacro -%}
