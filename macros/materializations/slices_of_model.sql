{#- The slices a sliced model must hold: name, file, the filter that selects its rows, and whether it is forced. -#}
{%- macro slices_of_model(folder, fingerprint) -%}
    {%- set datasets = config.get('datasets') -%}
    {%- set rows = run_query(
        'select provider, dataset, scope, billing_period, delivery_ids, stamp from ' ~ ref('int_deliveries__slices')
        ~ (" where dataset in ('" ~ datasets | join("', '") ~ "')" if datasets else '') ~ ' order by 1, 2, 3, 4'
    ).rows -%}
    {%- set slices = [] -%}
    {%- for row in rows -%}
        {%- set name = [row.provider, row.dataset, row.scope, row.billing_period | string] | join('__') -%}
        {%- do slices.append({
            'name': name,
            'path': folder ~ '/' ~ name ~ '.' ~ local_md5(row.stamp ~ fingerprint) ~ '.parquet',
            'filter': "provider = '" ~ row.provider ~ "' and dataset = '" ~ row.dataset ~ "' and scope = '" ~ row.scope
                ~ "' and billing_period = date '" ~ row.billing_period ~ "' and delivery_id in ('"
                ~ row.delivery_ids | replace(',', "', '") ~ "')",
            'is_forced': flags.FULL_REFRESH or is_forced_slice(row.provider, row.billing_period | string),
        }) -%}
    {%- endfor -%}
    {{- return(slices) -}}
{%- endmacro -%}

{%- macro is_forced_slice(provider, billing_period) -%}
    {%- for forced in var('force_slices') -%}
        {%- if forced.get('provider', provider) == provider and forced.get('billing_period', billing_period) == billing_period -%}
            {{- return(true) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return(false) -}}
{%- endmacro -%}
