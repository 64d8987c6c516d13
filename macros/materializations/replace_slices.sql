{#-
    Exchanges the rows of slices: those of the target that any of the filters names go, those of `fresh` come. A filter
    names a slice whole, with rows of whichever delivery, and no row of another slice. Rows have no key that every sliced
    model has, and none is needed: a slice is exchanged whole.
-#}
{%- macro replace_slices(target_relation, fresh, filters) -%}
    {{- adapter.dispatch('replace_slices', 'cloudtally')(target_relation, fresh, filters) -}}
{%- endmacro -%}

{#-
    Two statements, for an engine without a transaction around them: killed between them a slice is empty, and marked, and
    the next run makes it anew from the lake. DuckDB too does without, so that its tests try what the others run.
-#}
{%- macro default__replace_slices(target_relation, fresh, filters) -%}
    {%- do remove_slices(target_relation, filters) -%}
    {%- set columns = columns_of_kept(target_relation) -%}
    {%- do run_statement('insert into ' ~ target_relation ~ ' (' ~ columns ~ ') select ' ~ columns ~ ' from ' ~ fresh) -%}
{%- endmacro -%}

{#-
    One MERGE that matches nothing: BigQuery's own form of exchanging rows. The literal months in the condition keep it from
    reading other partitions.
-#}
{%- macro bigquery__replace_slices(target_relation, fresh, filters) -%}
    {%- set columns = columns_of_kept(target_relation) -%}
    {%- set merge -%}
        merge into {{ target_relation }} as kept
        using (select {{ columns }} from {{ fresh }}) as fresh
        on false
        when not matched by source and (({{ filters | join(') or (') }})) then delete
        when not matched by target then insert ({{ columns }}) values ({{ columns }})
    {%- endset -%}
    {%- do run_statement(merge) -%}
{%- endmacro -%}

{#-
    Athena's MERGE knows rows of the source only, so the old rows come in by their key, as tombstones, beside the new ones.
    The literal months in the condition keep the target's other partitions unread. A model without a key is exchanged in two
    statements, of which Iceberg takes each whole.
-#}
{%- macro athena__replace_slices(target_relation, fresh, filters) -%}
    {%- set names = columns_of_kept(target_relation) -%}
    {%- if '"row_key"' in names.split(', ') -%}
        {%- set months = modules.re.findall("billing_period = (cast\\('[0-9-]+' as date\\))", filters | join(' ')) | unique -%}
        {%- set merge -%}
            merge into {{ target_relation }} as kept
            using (
                select {{ names }}, 0 as is_tombstone from {{ fresh }}
                union all
                select {{ names }}, 1 as is_tombstone from {{ target_relation }} where ({{ filters | join(') or (') }})
            ) as changed
            on kept."row_key" = changed."row_key" and kept."billing_period" = changed."billing_period" and changed.is_tombstone = 1
                and kept."billing_period" in ({{ months | join(', ') }})
            when matched then delete
            when not matched and changed.is_tombstone = 0
                then insert ({{ names }}) values (
                {%- for name in names.split(', ') -%}
                    changed.{{ name }}{{ ', ' if not loop.last }}
                {%- endfor -%}
                )
        {%- endset -%}
        {%- do run_statement(merge) -%}
    {%- else -%}
        {%- do default__replace_slices(target_relation, fresh, filters) -%}
    {%- endif -%}
{%- endmacro -%}

{%- macro synapse__replace_slices(target_relation, fresh, filters) -%}
    {%- set columns = columns_of_kept(target_relation) -%}
    {%- set exchange -%}
        begin transaction;
        delete from {{ target_relation }} where ({{ filters | join(') or (') }});
        insert into {{ target_relation }} ({{ columns }}) select {{ columns }} from {{ fresh }};
        commit transaction;
    {%- endset -%}
    {%- do run_statement(exchange) -%}
{%- endmacro -%}

{#- Takes the rows of slices out. -#}
{%- macro remove_slices(target_relation, filters) -%}
    {%- do run_statement('delete from ' ~ target_relation ~ ' where (' ~ filters | join(') or (') ~ ')') -%}
{%- endmacro -%}

{#- The columns of a table, quoted, in its own order. -#}
{%- macro columns_of_kept(relation) -%}
    {%- set names = [] -%}
    {%- for name in run_query('select * from ' ~ relation ~ ' where 1 = 0').column_names -%}
        {%- do names.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {{- return(names | join(', ')) -}}
{%- endmacro -%}

{#-
    What selects the rows of slices in a table, by their names (provider, dataset, scope, billing period): of any delivery,
    or, where a recorded model's name goes on with one, of that.
-#}
{%- macro filters_of_kept(names) -%}
    {%- set filters = [] -%}
    {%- for name in names -%}
        {%- set parts = name.split('__') -%}
        {%- set period, _, delivery_id = parts[-1].partition('.') -%}
        {%- do filters.append(
            slice_filter(parts[0], parts[1], parts[2:-1] | join('__'), period)
            ~ (" and delivery_id = '" ~ delivery_id ~ "'" if delivery_id else '')
        ) -%}
    {%- endfor -%}
    {{- return(filters) -}}
{%- endmacro -%}

{%- macro slice_filter(provider, dataset, scope, billing_period) -%}
    {{- return(
        "provider = '" ~ provider ~ "' and dataset = '" ~ dataset ~ "' and scope = '" ~ scope
        ~ "' and billing_period = cast('" ~ billing_period ~ "' as date)"
    ) -}}
{%- endmacro -%}
