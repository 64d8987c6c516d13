{#-
    Before a model that must not forget what it told: the connection's variable told_before lists the file in the lake that
    keeps the rows of its last run, or nothing. The warehouse file is disposable; names that people have written down are not.
-#}
{%- macro recall_rows() -%}
    set variable told_before = (
        select coalesce(list(file), []) from glob('{{ remembered_file() | replace("'", "''") }}')
    )
{%- endmacro -%}
