{#-
    After a model that must not forget, within its transaction: its rows go to the lake, over those of the run before, in one
    rename. The warehouse shows them after that, so a kill between leaves names that no one has seen and that the next run
    gives again, never a name that was seen and is lost.
-#}
{%- macro remember_rows() -%}
    select make_folder('{{ lake_path("history/" ~ model.name) | replace("'", "''") }}');
    copy (select * from {{ this }}) to '{{ remembered_file() | replace("'", "''") }}' (format parquet, compression zstd, use_tmp_file true)
{%- endmacro -%}

{%- macro remembered_file() -%}
    {{- return(lake_path('history/' ~ model.name ~ '/rows.parquet')) -}}
{%- endmacro -%}
