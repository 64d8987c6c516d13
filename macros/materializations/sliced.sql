{#-
    Keeps a model by slices: on the warehouses in a table (sliced_in_table), on DuckDB as one immutable Parquet file per
    slice in the lake, under a view that names the files.

    A slice (provider, dataset, scope, billing period) is built when no file of it bears the stamp that its current
    deliveries and this model's code give; then the view is switched to all new files at once, and files that it no
    longer names are removed. So a kill at any moment leaves the old ledger whole, and the next run goes on from there.
    The model is a plain select over all slices; among its columns are provider, dataset, scope, billing_period and
    delivery_id, by which its slices are told.
    Small slices are selected several at once, up to var rows_per_pass, because each select opens every file of the
    sources; a slice with a pass of its own goes straight to its file, for a table between would write it twice.
    Config: datasets, the datasets whose slices the model holds (all when left out).
-#}
{%- materialization sliced, default -%}
    {{- return(sliced_in_table()) -}}
{%- endmaterialization -%}

{%- materialization sliced, adapter='duckdb' -%}
    {%- if kept_in_tables() -%}
        {{- return(sliced_in_table()) -}}
    {%- endif -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set folder = lake_path('ledger/' ~ model.name) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if config.get('contract').enforced -%}
        {{- get_assert_columns_equivalent(sql) -}}
    {%- endif -%}

    {%- set wanted = [] if flags.EMPTY else slices_of_model(folder, slice_fingerprint()) -%}
    {%- do run_query("select make_folder('" ~ folder ~ "')") -%}
    {%- set held = run_query("select file from glob('" ~ folder ~ "/*.parquet')").columns[0].values() | list -%}
    {%- set stale = wanted | rejectattr('path', 'in', held) | list + wanted | selectattr('path', 'in', held) | selectattr('is_forced') | list -%}
    {%- set written = namespace(slices=0) -%}
    {%- for slices in passes_of(stale, var('rows_per_pass') | int) -%}
        {%- do read_only_deliveries(slices) -%}
        {%- if slices | length > 1 -%}
            {%- do run_query(
                'create or replace temp table slices_of_pass as select * from (' ~ sql ~ ') as slices where ('
                ~ slices | map(attribute='filter') | join(') or (') ~ ')'
            ) -%}
        {%- endif -%}
        {%- for slice in slices -%}
            {%- set written.slices = written.slices + 1 -%}
            {%- do log(model.name ~ ': slice ' ~ written.slices ~ ' of ' ~ stale | length ~ ', ' ~ slice.name, info=true) -%}
            {%- call statement('slice') -%}
                copy (select * replace ({{ as_enums(slice.same_texts) }})
                    from {{ 'slices_of_pass' if slices | length > 1 else '(' ~ sql ~ ')' }} as slices where {{ slice.filter }})
                to '{{ slice.path | replace("'", "''") }}' (format parquet, compression zstd, compression_level 1, use_tmp_file true)
            {%- endcall -%}
        {%- endfor -%}
        {%- do run_query('drop table if exists slices_of_pass') -%}
    {%- endfor -%}

    {%- call statement('main') -%}
        create or replace view {{ target_relation }} as
        {% if wanted -%}
            select * from read_parquet(['{{ wanted | map(attribute='path') | map('replace', "'", "''") | join("', '") }}'])
        {%- else -%}
            select * from ({{ sql }}) as slices where 1 = 0
        {%- endif %}
    {%- endcall -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}

    {%- set leftover = held | reject('in', wanted | map(attribute='path') | list) | list -%}
    {%- if leftover and not flags.EMPTY -%}
        {%- do run_query("select remove_files(['" ~ leftover | map('replace', "'", "''") | join("', '") ~ "'])") -%}
    {%- endif -%}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}

{#-
    Texts that are the same in all rows, as enums of one value. The file says the same as without, but DuckDB's writer
    looks up each text of each row in a dictionary, and an enum is its own.
-#}
{%- macro as_enums(texts) -%}
    {%- set columns = [] -%}
    {%- for name, text in texts.items() -%}
        {%- set literal = "'" ~ text | replace("'", "''") ~ "'" -%}
        {%- do columns.append('cast(' ~ literal ~ ' as enum(' ~ literal ~ ')) as ' ~ name) -%}
    {%- endfor -%}
    {{- return(columns | join(', ')) -}}
{%- endmacro -%}
