{#-
    The slices a sliced model must hold: name, stamp, file, the filter that selects its rows, the deliveries they come
    from and how many raw rows those have, and whether it is forced. The stamp says what the slice is made of (its
    deliveries, and that slice of the sliced models above) and the code that made it, theirs within; a file is named by the
    slice and its stamp.
-#}
{%- macro slices_of_model(folder, fingerprint) -%}
    {%- set datasets = config.get('datasets') -%}
    {%- set rows = run_query(
        'select provider, dataset, scope, billing_period, delivery_ids, stamp, raw_rows from ' ~ ref('int_deliveries__slices')
        ~ (" where dataset in ('" ~ datasets | join("', '") ~ "')" if datasets else '') ~ ' order by 1, 2, 3, 4'
    ).rows -%}
    {%- set parents = slices_of_parents() -%}
    {%- set slices = [] -%}
    {%- for row in rows -%}
        {%- set name = [row.provider, row.dataset, row.scope, row.billing_period | string] | join('__') -%}
        {%- set above = parents.get(name, []) -%}
        {%- set stamp = local_md5(row.stamp ~ above | join(' '))[:16] ~ '.' ~ local_md5(fingerprint ~ code_of_stamps(above))[:16] -%}
        {%- do slices.append({
            'name': name,
            'stamp': stamp,
            'path': folder ~ '/' ~ name ~ '.' ~ stamp ~ '.parquet',
            'filter': slice_filter(row.provider, row.dataset, row.scope, row.billing_period)
                ~ " and delivery_id in ('" ~ row.delivery_ids | replace(',', "', '") ~ "')",
            'same_texts': {'provider': row.provider, 'dataset': row.dataset, 'scope': row.scope},
            'delivery_ids': row.delivery_ids.split(','),
            'raw_rows': row.raw_rows | int,
            'is_forced': flags.FULL_REFRESH or is_forced_slice(row.provider, row.billing_period | string),
        }) -%}
    {%- endfor -%}
    {{- return(slices) -}}
{%- endmacro -%}

{#- tally names slices by a variable of the environment: dbt parses the whole project anew when one of its own changes. -#}
{%- macro is_forced_slice(provider, billing_period) -%}
    {%- for forced in var('force_slices') + fromjson(env_var('CLOUDTALLY_FORCE_SLICES', '[]')) -%}
        {%- if forced.get('provider', provider) == provider and forced.get('billing_period', billing_period) == billing_period -%}
            {{- return(true) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return(false) -}}
{%- endmacro -%}

{#- Slices in their order, grouped so that no group but one of a single slice has more raw rows than asked for. -#}
{%- macro passes_of(slices, rows_per_pass) -%}
    {%- set passes = [] -%}
    {%- set open = namespace(slices=[], rows=0) -%}
    {%- for slice in slices -%}
        {%- if open.slices and open.rows + slice.raw_rows > rows_per_pass -%}
            {%- do passes.append(open.slices) -%}
            {%- set open.slices = [] -%}
            {%- set open.rows = 0 -%}
        {%- endif -%}
        {%- do open.slices.append(slice) -%}
        {%- set open.rows = open.rows + slice.raw_rows -%}
    {%- endfor -%}
    {%- if open.slices -%}{%- do passes.append(open.slices) -%}{%- endif -%}
    {{- return(passes) -}}
{%- endmacro -%}
