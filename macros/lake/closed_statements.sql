{#- The statements of closed months, from the files of the lake's closed/; without any, their columns and no row. -#}
{%- macro closed_statements(files) -%}
    {%- set columns = [] -%}
    {%- for column in (graph.sources.values() | selectattr('name', 'eq', 'closed_statements') | first).columns.values() -%}
        {%- do columns.append('cast(' ~ (column.name if files else 'null') ~ ' as ' ~ column.data_type ~ ') as ' ~ column.name) -%}
    {%- endfor -%}
    select {{ columns | join(', ') }}
    {% if files -%}
        from read_parquet(['{{ files | map('replace', "'", "''") | join("', '") }}'])
    {%- else -%}
        where false
    {%- endif -%}
{%- endmacro -%}
