{#-
    After a model that must not forget, within its transaction: its rows go to the lake, over those of the run before, in one
    rename. The warehouse shows them after that, so a kill between leaves names that no one has seen and that the next run
    gives again, never a name that was seen and is lost. The SQL twin of a Python model reads what the flow put there.
-#}
{%- macro remember_rows() -%}
    {%- if model.language == 'python' -%}
    select make_folder('{{ lake_path("history/" ~ model.name) | replace("'", "''") }}');
    copy (select * from {{ this }}) to '{{ history_path(model.name) | replace("'", "''") }}' (format parquet, compression zstd, use_tmp_file true)
    {%- endif -%}
{%- endmacro -%}

{#- Where the lake of DuckDB keeps the rows of a table; a warehouse's are listed in its catalog. -#}
{%- macro history_path(table) -%}
    {{- return(lake_path('history/' ~ table ~ '/rows.parquet')) -}}
{%- endmacro -%}
