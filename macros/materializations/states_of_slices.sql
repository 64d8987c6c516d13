{#-
    The state of each slice that the sliced models above hold: its newest delivery, the mapping (the code part of their
    stamps), and the key and stamp, or the file, under which a recorded model keeps it. What they do not hold has no state.
-#}
{%- macro states_of_slices(folder, code) -%}
    {%- set parents = slices_of_parents() -%}
    {%- set rows = run_query(
        'select provider, dataset, scope, billing_period, delivery_id, exported_at, landed_at
        from (
            select slices.provider, slices.dataset, slices.scope, slices.billing_period, current_slices.delivery_id,
                current_slices.exported_at, current_slices.landed_at,
                row_number() over (
                    partition by slices.provider, slices.dataset, slices.scope, slices.billing_period
                    order by current_slices.exported_at desc, current_slices.landed_at desc, current_slices.delivery_id desc
                ) as recency
            from ' ~ ref('int_deliveries__slices') ~ ' as slices
            inner join ' ~ source('lake', 'current_slices') ~ ' as current_slices
                on slices.provider = current_slices.provider and slices.dataset = current_slices.dataset
                and slices.scope = current_slices.scope and slices.billing_period = current_slices.billing_period
            where current_slices.is_current = 1
        ) as newest
        where recency = 1
        order by provider, dataset, scope, billing_period'
    ).rows -%}
    {%- set states = [] -%}
    {%- for row in rows -%}
        {%- set name = [row.provider, row.dataset, row.scope, row.billing_period | string] | join('__') -%}
        {%- if name in parents -%}
            {%- set key = name ~ '.' ~ row.delivery_id -%}
            {%- set made_of = local_md5(parents[name] | join(' ') ~ code)[:16] -%}
            {%- do states.append({
                'key': key,
                'stamp': made_of,
                'path': folder ~ '/' ~ key ~ '.' ~ made_of ~ '.parquet',
                'provider': row.provider,
                'dataset': row.dataset,
                'scope': row.scope,
                'billing_period': row.billing_period,
                'delivery_id': row.delivery_id,
                'mapping': code_of_stamps(parents[name]),
                'exported_at': row.exported_at,
                'landed_at': row.landed_at,
                'filter': slice_filter(row.provider, row.dataset, row.scope, row.billing_period),
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(states) -}}
{%- endmacro -%}
