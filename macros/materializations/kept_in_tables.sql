{#-
    Whether a sliced or recorded model is a table of the warehouse with its stamps beside it, rather than files in the
    lake. Var store says so for DuckDB too: its tests are those of the form that all warehouses share.
-#}
{%- macro kept_in_tables() -%}
    {{- return(target.type != 'duckdb' or var('store', 'files') == 'tables') -}}
{%- endmacro -%}
