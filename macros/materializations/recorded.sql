{#-
    A model over the ledger whose rows are written once for each state that a slice was in, and kept: what the ledger said
    when a delivery was its newest. On DuckDB that is one small Parquet file per slice and delivery in the lake's history/,
    under a view; on the warehouses a table (recorded_in_table).

    A state is written anew when the ledger holds the same delivery differently (other code, an account shadowed), and is
    stamped with the delivery and with the mapping, the code that made the ledger's rows. Deliveries that no build saw as
    the newest of their slice leave no state. Among the model's columns are provider, dataset, scope and billing_period.
-#}
{%- materialization recorded, default -%}
    {{- return(recorded_in_table()) -}}
{%- endmaterialization -%}

{%- materialization recorded, adapter='duckdb' -%}
    {%- if kept_in_tables() -%}
        {{- return(recorded_in_table()) -}}
    {%- endif -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set folder = lake_path('history/' ~ model.name) -%}
    {{ run_hooks(pre_hooks) }}

    {%- set states = [] if flags.EMPTY else states_of_slices(folder, local_md5(sql)) -%}
    {%- do run_query("select make_folder('" ~ folder ~ "')") -%}
    {%- set held = run_query("select file from glob('" ~ folder ~ "/*.parquet')").columns[0].values() | list -%}
    {%- set unwritten = states | rejectattr('path', 'in', held) | list -%}
    {%- if unwritten -%}
        {#- one scan of the ledger for all of them; sums are small -#}
        {%- do run_query(
            'create or replace temp table new_states as select * from (' ~ sql ~ ') as slices where ('
            ~ unwritten | map(attribute='filter') | join(') or (') ~ ')'
        ) -%}
    {%- endif -%}
    {%- for state in unwritten -%}
        {%- call statement('state') -%}
            copy (
                select *, '{{ state.delivery_id }}' as delivery_id, '{{ state.mapping }}' as mapping,
                    timestamp '{{ state.exported_at }}' as exported_at, timestamp '{{ state.landed_at }}' as landed_at
                from new_states as slices where {{ state.filter }}
            ) to '{{ state.path | replace("'", "''") }}' (format parquet, compression zstd, use_tmp_file true)
        {%- endcall -%}
    {%- endfor -%}
    {%- do run_query('drop table if exists new_states') -%}

    {#- of one slice and delivery only what the ledger says now; states of other deliveries stay -#}
    {%- set current = states | map(attribute='path') | list -%}
    {%- set renewed = states | map(attribute='key') | list -%}
    {%- set files = current | list -%}
    {%- set replaced = [] -%}
    {%- for file in held if file not in current -%}
        {%- set key = file.split('/')[-1].rsplit('.', 2)[0] -%}
        {%- do (replaced if key in renewed else files).append(file) -%}
    {%- endfor -%}
    {%- call statement('main') -%}
        create or replace view {{ target_relation }} as
        {% if files -%}
            select * from read_parquet(['{{ files | sort | map('replace', "'", "''") | join("', '") }}'])
        {%- else -%}
            select *, '' as delivery_id, '' as mapping, timestamp '1970-01-01' as exported_at, timestamp '1970-01-01' as landed_at
            from ({{ sql }}) as slices where 1 = 0
        {%- endif %}
    {%- endcall -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}

    {%- if replaced -%}
        {%- do run_query("select remove_files(['" ~ replaced | map('replace', "'", "''") | join("', '") ~ "'])") -%}
    {%- endif -%}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
