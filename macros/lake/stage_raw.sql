{#-
    Makes the raw schema anew at the start of each run: five small tables about the deliveries in the lake, a view that
    says which slices of them are current, and one view per source over the files of current deliveries. Every source
    has exactly the columns declared for it in its yml; what a file lacks is null, what it has besides stays in raw.
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
    {%- do stage_deliveries(raw, found.columns[0].values() | list) -%}
    {%- do run_query('create or replace view ' ~ raw ~ '.current_slices as ' ~ current_slices(raw)) -%}
    {%- for source in graph.sources.values() | selectattr('source_name', 'ne', 'lake') -%}
        {%- do run_query('create or replace view ' ~ raw ~ '.' ~ source.name ~ ' as ' ~ raw_view(raw, source)) -%}
    {%- endfor -%}
    {%- do adapter.commit() -%}
{%- endmacro -%}
