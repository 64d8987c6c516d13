{#-
    What the nearest sliced models above this one hold: by a slice's name the stamps under which they do. A stamp holds those
    of its own parents, so it changes exactly when the rows read from there may have, whatever was built when.
-#}
{%- macro slices_of_parents() -%}
    {%- set held = {} -%}
    {%- for parent in sliced_parents(model.unique_id) | unique | sort -%}
        {%- for slice, stamp in slices_held_by(graph.nodes[parent]).items() -%}
            {%- do held.setdefault(slice, []).append(stamp) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(held) -}}
{%- endmacro -%}

{#- Through views only: what a table changes in a slice stands in the stamp of its deliveries (int_deliveries__slices). -#}
{%- macro sliced_parents(node) -%}
    {%- set found = [] -%}
    {%- for parent in graph.nodes[node].depends_on.nodes if parent in graph.nodes -%}
        {%- set kind = graph.nodes[parent].config.materialized -%}
        {%- if kind == 'sliced' -%}
            {%- do found.append(parent) -%}
        {%- elif kind == 'view' -%}
            {%- do found.extend(sliced_parents(parent)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}

{#- The slices of a sliced model with their stamps: from the names of the files of its view, or beside its table. -#}
{%- macro slices_held_by(node) -%}
    {%- set held = {} -%}
    {%- if kept_in_tables() -%}
        {%- set table = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
        {%- if load_kept(stamps_relation(table)) is not none -%}
            {%- for slice, stamps in stamps_of(table).items() if stamps | length == 1 and stamps[0] -%}
                {%- do held.update({slice: stamps[0]}) -%}  {#- one in the midst of a change has two, or none -#}
            {%- endfor -%}
        {%- endif -%}
    {%- else -%}
        {%- set view = run_query(
            "select coalesce(string_agg(sql), '') from duckdb_views() where database_name = current_database() and schema_name = '"
            ~ node.schema ~ "' and view_name = '" ~ node.alias ~ "'"
        ).columns[0].values()[0] -%}
        {%- for file in modules.re.finditer("/([^/']+)\\.([0-9a-f]{16}\\.[0-9a-f]{16})\\.parquet'", view) -%}
            {%- do held.update({file.group(1): file.group(2)}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(held) -}}
{%- endmacro -%}

{#- The part of stamps that tells the code which made the rows. -#}
{%- macro code_of_stamps(stamps) -%}
    {%- set codes = [] -%}
    {%- for stamp in stamps -%}{%- do codes.append(stamp.split('.')[1]) -%}{%- endfor -%}
    {{- return(codes | join(' ')) -}}
{%- endmacro -%}
