{#-
    What is said of a kept table's slices in `<model>__stamps`: by a slice's name the list of its stamps, where an empty one
    means that its rows may be in the midst of a change. Only a statement at a time is taken to be whole or not at all,
    which every engine grants; after a kill the same may be said twice.
-#}
{%- macro stamps_of(target_relation) -%}
    {%- set stamps = {} -%}
    {%- for row in run_query('select distinct slice, stamp from ' ~ stamps_relation(target_relation)).rows -%}
        {%- do stamps.setdefault(row[0], []).append(row[1] or '') -%}
    {%- endfor -%}
    {{- return(stamps) -}}
{%- endmacro -%}

{%- macro stamps_relation(target_relation) -%}
    {{- return(target_relation.incorporate(path={'identifier': target_relation.identifier ~ '__stamps'}, type='table')) -}}
{%- endmacro -%}

{%- macro create_stamps(stamps) -%}
    {{- adapter.dispatch('create_stamps', 'cloudtally')(stamps) -}}
{%- endmacro -%}

{%- macro default__create_stamps(stamps) -%}
    {%- do run_statement('create table ' ~ stamps ~ ' (slice varchar, stamp varchar)') -%}
{%- endmacro -%}

{%- macro bigquery__create_stamps(stamps) -%}
    {%- do run_statement('create table ' ~ stamps ~ ' (slice string, stamp string)') -%}
{%- endmacro -%}

{#- Iceberg as the model itself, without its partitions. -#}
{%- macro athena__create_stamps(stamps) -%}
    {%- do run_statement(create_table_as(
        false, stamps, "select cast('' as varchar) as slice, cast('' as varchar) as stamp where 1 = 0", 'sql', true
    )) -%}
{%- endmacro -%}

{%- macro synapse__create_stamps(stamps) -%}
    {%- do run_statement(
        'create table ' ~ stamps ~ ' (slice varchar(1000), stamp varchar(100)) with (distribution = round_robin, heap)'
    ) -%}
{%- endmacro -%}

{#- Says of slices that their rows may be in the midst of a change. -#}
{%- macro mark_slices(target_relation, names) -%}
    {%- do insert_stamps(target_relation, names | list, {}) -%}
{%- endmacro -%}

{#- Says of slices what they are now, of those that are left nothing; what was said before goes afterwards. -#}
{%- macro settle_slices(target_relation, names, slices) -%}
    {%- set stamps = {} -%}
    {%- for slice in slices -%}
        {%- do stamps.update({slice.name: slice.stamp}) -%}
    {%- endfor -%}
    {%- if stamps -%}
        {%- do insert_stamps(target_relation, stamps.keys() | list, stamps) -%}
    {%- endif -%}
    {%- set outdated = [] -%}
    {%- for name in names -%}
        {%- do outdated.append("slice = '" ~ name ~ "'" ~ (" and stamp <> '" ~ stamps[name] ~ "'" if name in stamps else '')) -%}
    {%- endfor -%}
    {%- do run_statement('delete from ' ~ stamps_relation(target_relation) ~ ' where (' ~ outdated | join(') or (') ~ ')') -%}
{%- endmacro -%}

{#- A stamp each, the empty one where none is given. Selects, because not every engine takes several rows of values. -#}
{%- macro insert_stamps(target_relation, names, stamps) -%}
    {%- set rows = [] -%}
    {%- for name in names -%}
        {%- do rows.append("select '" ~ name ~ "' as slice, '" ~ stamps.get(name, '') ~ "' as stamp") -%}
    {%- endfor -%}
    {%- do run_statement(
        'insert into ' ~ stamps_relation(target_relation) ~ ' (slice, stamp) ' ~ rows | join(' union all ')
    ) -%}
{%- endmacro -%}
