{#-
    A hash of all code and seeds that decide a sliced model's rows: its own compiled SQL, that of the views it reads, and
    the seeds. Tables and other sliced models are left out: what they change stands in the slices' stamps.
-#}
{%- macro slice_fingerprint() -%}
    {%- set texts = [model.compiled_code] -%}
    {%- for node in upstream_views_and_seeds(model.unique_id) | unique | sort -%}
        {%- set upstream = graph.nodes[node] -%}
        {%- if upstream.resource_type == 'seed' -%}
            {%- do texts.append(upstream.checksum.checksum) -%}
        {%- else -%}
            {%- do texts.append(run_query(
                "select sql from duckdb_views() where database_name = current_database() and schema_name = '" ~ upstream.schema ~ "' and view_name = '" ~ upstream.alias ~ "'"
            ).columns[0].values() | join) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(local_md5(texts | join('\n') | replace(this.database, ''))) -}}
{%- endmacro -%}

{%- macro upstream_views_and_seeds(node) -%}
    {%- set found = [] -%}
    {%- for parent in graph.nodes[node].depends_on.nodes if parent in graph.nodes -%}
        {%- if graph.nodes[parent].resource_type == 'seed' -%}
            {%- do found.append(parent) -%}
        {%- elif graph.nodes[parent].config.materialized == 'view' -%}
            {%- do found.append(parent) -%}
            {%- do found.extend(upstream_views_and_seeds(parent)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
