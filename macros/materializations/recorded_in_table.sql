{#-
    A recorded model as a table of the warehouse. A state is to it what a slice is to a sliced model: rows that are told by
    slice and delivery, with a stamp beside the table. States whose delivery is no longer the newest are kept as they are.
-#}
{%- macro recorded_in_table() -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set rows = rows_of_model(sql) -%}
    {%- do make_kept_table(target_relation, 'select * from ' ~ recorded_rows(rows, []) ~ ' as slices where 1 = 0') -%}
    {%- if not flags.EMPTY -%}
        {%- set held = stamps_of(target_relation) -%}
        {%- set unwritten = [] -%}
        {%- for state in states_of_slices('', local_md5(sql)) if held.get(state.key) != [state.stamp] -%}
            {%- do unwritten.append({
                'name': state.key, 'stamp': state.stamp, 'filter': filters_of_kept([state.key])[0], 'raw_rows': 0, 'state': state
            }) -%}
        {%- endfor -%}
        {%- do keep_slices(target_relation, recorded_rows(rows, unwritten), unwritten, [], 'state') -%}
    {%- endif -%}
    {%- do drop_rows_of_model() -%}

    {%- call statement('main', auto_begin=false) -%}
        select count(*) as states from {{ stamps_relation(target_relation) }}
    {%- endcall -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation, stamps_relation(target_relation)]}) }}
{%- endmacro -%}

{#- The model's rows of the slices, each with the delivery that it says the state of, and with the mapping. -#}
{%- macro recorded_rows(rows, unwritten) -%}
    {%- set nothing = {
        'provider': '', 'dataset': '', 'scope': '', 'billing_period': '1970-01-01', 'delivery_id': '', 'mapping': ''
    } -%}
    {%- set selects = [] -%}
    {%- for state in unwritten | map(attribute='state') | list or [nothing] -%}
        {%- set values = [] -%}
        {%- for name in ['provider', 'dataset', 'scope', 'delivery_id', 'mapping'] -%}
            {%- do values.append("cast('" ~ state[name] ~ "' as " ~ type_text() ~ ') as ' ~ name) -%}
        {%- endfor -%}
        {%- do selects.append('select ' ~ values | join(', ') ~ ", cast('" ~ state.billing_period ~ "' as date) as billing_period") -%}
    {%- endfor -%}
    {%- set joined -%}
        (
            select slices.*, states.delivery_id, states.mapping, current_slices.exported_at, current_slices.landed_at
            from {{ rows }} as slices
            inner join ({{ selects | join(' union all ') }}) as states
                on slices.provider = states.provider and slices.dataset = states.dataset
                and slices.scope = states.scope and slices.billing_period = states.billing_period
            inner join {{ source('lake', 'current_slices') }} as current_slices
                on states.provider = current_slices.provider and states.dataset = current_slices.dataset
                and states.scope = current_slices.scope and states.billing_period = current_slices.billing_period
                and states.delivery_id = current_slices.delivery_id
        )
    {%- endset -%}
    {{- return(joined) -}}
{%- endmacro -%}
