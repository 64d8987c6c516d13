{#-
    The state of each slice that the ledger holds: its newest delivery, the mapping (the code part of the name of its file)
    and the file in which a recorded model keeps it. What is not in the ledger's files has no state.
-#}
{%- macro states_of_slices(folder, code) -%}
    {%- set ledger = files_of_ledger() -%}
    {%- set rows = run_query(
        'select slices.provider, slices.dataset, slices.scope, slices.billing_period, current_slices.delivery_id,
            current_slices.exported_at, current_slices.landed_at
        from ' ~ ref('int_deliveries__slices') ~ ' as slices
        inner join ' ~ source('lake', 'current_slices') ~ ' as current_slices
            on slices.provider = current_slices.provider and slices.dataset = current_slices.dataset
            and slices.scope = current_slices.scope and slices.billing_period = current_slices.billing_period
        where current_slices.is_current = 1
        qualify row_number() over (
            partition by slices.provider, slices.dataset, slices.scope, slices.billing_period
            order by current_slices.exported_at desc, current_slices.landed_at desc, current_slices.delivery_id desc
        ) = 1
        order by 1, 2, 3, 4'
    ).rows -%}
    {%- set states = [] -%}
    {%- for row in rows -%}
        {%- set name = [row.provider, row.dataset, row.scope, row.billing_period | string] | join('__') -%}
        {%- set file = ledger.get(name) -%}
        {%- if file -%}
            {%- set key = name ~ '.' ~ row.delivery_id -%}
            {%- do states.append({
                'key': key,
                'path': folder ~ '/' ~ key ~ '.' ~ local_md5(file.name ~ code)[:16] ~ '.parquet',
                'delivery_id': row.delivery_id,
                'mapping': file.mapping,
                'exported_at': row.exported_at,
                'landed_at': row.landed_at,
                'filter': "provider = '" ~ row.provider ~ "' and dataset = '" ~ row.dataset ~ "' and scope = '" ~ row.scope
                    ~ "' and billing_period = date '" ~ row.billing_period ~ "'",
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(states) -}}
{%- endmacro -%}
