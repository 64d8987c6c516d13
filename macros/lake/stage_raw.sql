{#-
    Makes the raw schema anew: small relations about the deliveries in the lake, among them which slices of them are
    current, views of what intelligence told last, and one view per source over the files of current deliveries. Every source has exactly the columns declared
    for it in its yml; what a file lacks is null, what it has besides stays in raw.
    DuckDB reads the lake itself, at the start of each run. A warehouse reads what `tally stage` wrote, through external
    tables that `dbt run-operation stage_raw` makes: at the start of a run nothing is done there.
-#}
{%- macro stage_raw() -%}
    {%- if execute and flags.WHICH not in ['compile', 'parse', 'list'] -%}
        {{- adapter.dispatch('stage_raw', 'cloudtally')() -}}
    {%- endif -%}
{%- endmacro -%}

{%- macro default__stage_raw() -%}
    {%- set raw = env_var('CLOUDTALLY_SCHEMA_PREFIX', '') ~ 'raw' -%}
    {%- do run_query('create schema if not exists ' ~ raw) -%}
    {%- set found = run_query("select file from glob('" ~ lake_path('raw/*/*/*/*/*/delivery.json') ~ "') order by file") -%}
    {%- set notes = run_query("select file from glob('" ~ lake_path('seen/*.json') ~ "') order by file") -%}
    {%- do stage_deliveries(raw, found.columns[0].values() | list, notes.columns[0].values() | list) -%}
    {%- set closed = run_query("select file from glob('" ~ lake_path('closed/*.parquet') ~ "') order by file") -%}
    {%- do run_query('create or replace view ' ~ raw ~ '.closed_statements as ' ~ closed_statements(closed.columns[0].values() | list)) -%}
    {%- do run_query('create or replace view ' ~ raw ~ '.current_slices as ' ~ current_slices(raw)) -%}
    {%- for source in graph.sources.values() | selectattr('source_name', 'eq', 'history') -%}
        {%- do run_query('create or replace view ' ~ raw ~ '.' ~ source.name ~ ' as ' ~ history_rows(source.name)) -%}
    {%- endfor -%}
    {%- for source in graph.sources.values() | rejectattr('source_name', 'in', ['lake', 'history']) -%}
        {%- do run_query('create or replace view ' ~ raw ~ '.' ~ source.name ~ ' as ' ~ raw_view(raw, source)) -%}
    {%- endfor -%}
    {%- do adapter.commit() -%}
{%- endmacro -%}

{%- macro bigquery__stage_raw() -%}
    {%- if flags.WHICH == 'run-operation' -%}{%- do stage_external('nested') -%}{%- endif -%}
{%- endmacro -%}

{%- macro athena__stage_raw() -%}
    {%- if flags.WHICH == 'run-operation' -%}{%- do stage_external('nested') -%}{%- endif -%}
{%- endmacro -%}

{%- macro synapse__stage_raw() -%}
    {%- if flags.WHICH == 'run-operation' -%}{%- do stage_external('text') -%}{%- endif -%}
{%- endmacro -%}
