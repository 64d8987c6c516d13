{#-
    What the lake keeps of a table, in the columns that the model of its name declares; no rows before its first run. What
    a file of an older version lacks is null.
-#}
{%- macro history_rows(table) -%}
    {%- set names, empty = [], [] -%}
    {%- for column in history_columns(table) -%}
        {%- do names.append(column.name) -%}
        {%- do empty.append('cast(null as ' ~ column.data_type ~ ') as ' ~ column.name) -%}
    {%- endfor -%}
    {%- set path = history_path(table) | replace("'", "''") -%}
    select {{ names | join(', ') }}
    from (
        select {{ empty | join(', ') }}
        where false
        {% if run_query("select file from glob('" ~ path ~ "')").rows -%}
        union all by name
        select * from read_parquet('{{ path }}')
        {%- endif %}
    )
{%- endmacro -%}

{#- The columns of a table of the history: name, and type in DuckDB's words. -#}
{%- macro history_columns(table) -%}
    {{- return((graph.nodes.values() | selectattr('resource_type', 'eq', 'model') | selectattr('name', 'eq', table) | first).columns.values() | list) -}}
{%- endmacro -%}
