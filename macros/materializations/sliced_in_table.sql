{#-
    A sliced model as a table of the warehouse with the stamps of its slices beside it (stamps_of). Slices that are not
    what they should be are made anew, those of no current delivery are taken out, and all others are left untouched.
-#}
{%- macro sliced_in_table() -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set rows = rows_of_model(sql) -%}
    {%- set shape = 'select * from ' ~ rows ~ ' as slices where 1 = 0' -%}
    {%- do make_kept_table(target_relation, shape) -%}
    {%- if not flags.EMPTY -%}
        {%- set wanted = slices_of_model('', slice_fingerprint()) -%}
        {%- set held = stamps_of(target_relation) -%}
        {%- set stale = stale_slices(wanted, held) -%}
        {#- other columns come with other code, and so with slices to make anew: with all of them -#}
        {%- if stale and not has_columns_of(target_relation, shape) -%}
            {%- do drop_kept_table(target_relation) -%}
            {%- do make_kept_table(target_relation, shape) -%}
            {%- set held = {} -%}
            {%- set stale = wanted -%}
        {%- endif -%}
        {%- set vanished = held.keys() | reject('in', wanted | map(attribute='name') | list) | list -%}
        {%- do keep_slices(target_relation, rows, stale, vanished, 'slice') -%}
    {%- endif -%}
    {%- do drop_rows_of_model() -%}

    {%- call statement('main', auto_begin=false) -%}
        select count(*) as slices from {{ stamps_relation(target_relation) }}
    {%- endcall -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation, stamps_relation(target_relation)]}) }}
{%- endmacro -%}

{%- macro stale_slices(wanted, held) -%}
    {%- set stale = [] -%}
    {%- for slice in wanted if slice.is_forced or held.get(slice.name) != [slice.stamp] -%}
        {%- do stale.append(slice) -%}
    {%- endfor -%}
    {{- return(stale) -}}
{%- endmacro -%}

{#-
    Makes slices anew, and takes out the rows of those that vanished. The order of the steps is what a kill cannot harm:

    1. every slice that is about to change is marked with an empty stamp, in one statement;
    2. its rows are exchanged (replace_slices);
    3. its new stamp is written, then all else that is said of it removed.

    A slice is as it should be when the wanted stamp is all that is said of it: one that was cut short is made anew. And
    none has rows without a stamp, by which it is found when its deliveries are gone.
-#}
{%- macro keep_slices(target_relation, rows, stale, vanished, called) -%}
    {%- for names in vanished | batch(slices_per_pass()) -%}
        {%- do mark_slices(target_relation, names) -%}
        {%- do remove_slices(target_relation, filters_of_kept(names)) -%}
        {%- do settle_slices(target_relation, names, []) -%}
    {%- endfor -%}
    {%- set written = namespace(slices=0) -%}
    {%- for slices in passes_in_table(stale) -%}
        {%- set names = slices | map(attribute='name') | list -%}
        {%- for name in names -%}
            {%- set written.slices = written.slices + 1 -%}
            {%- do log(model.name ~ ': ' ~ called ~ ' ' ~ written.slices ~ ' of ' ~ stale | length ~ ', ' ~ name, info=true) -%}
        {%- endfor -%}
        {%- set fresh = fresh_relation(target_relation) -%}
        {%- do adapter.drop_relation(fresh) -%}
        {%- do create_rows(
            fresh, 'select * from ' ~ rows ~ ' as slices where (' ~ slices | map(attribute='filter') | join(') or (') ~ ')', true
        ) -%}
        {%- do mark_slices(target_relation, names) -%}
        {%- do replace_slices(target_relation, fresh, filters_of_kept(names)) -%}
        {%- do settle_slices(target_relation, names, slices) -%}
        {%- do adapter.drop_relation(fresh) -%}
    {%- endfor -%}
{%- endmacro -%}

{#- How many slices one statement exchanges. -#}
{%- macro slices_per_pass() -%}
    {{- return(adapter.dispatch('slices_per_pass', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__slices_per_pass() -%}
    {{- return(500) -}}
{%- endmacro -%}

{#- Athena writes at most a hundred partitions in a statement; a slice is one month, so at most one partition. -#}
{%- macro athena__slices_per_pass() -%}
    {{- return(90) -}}
{%- endmacro -%}

{#- A warehouse selects all slices that are stale at once; DuckDB, on one machine, as many as its memory is meant for. -#}
{%- macro passes_in_table(stale) -%}
    {%- set passes = [] -%}
    {%- for slices in (passes_of(stale, var('rows_per_pass') | int) if target.type == 'duckdb' else [stale]) -%}
        {%- for some in slices | batch(slices_per_pass()) -%}
            {%- do passes.append(some) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(passes) -}}
{%- endmacro -%}
