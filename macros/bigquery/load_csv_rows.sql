{#-
    A seed's rows by a load job, as the adapter has it; then null where a file has no text, which a load job reads as an
    empty one.
-#}
{%- macro bigquery__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- do adapter.load_dataframe(
        model['database'], model['schema'], model['alias'], agate_table, types, model['config']['delimiter']
    ) -%}
    {%- for column in agate_table.columns
            if types.get(column.name, 'string') == 'string' and none in column.values() | list -%}
        {%- call statement() -%}
            update {{ this }} set {{ column.name }} = null where {{ column.name }} = ''
        {%- endcall -%}
    {%- endfor -%}
    {%- call statement() -%}
        alter table {{ this }} set {{ bigquery_table_options(config, model) }}
    {%- endcall -%}
{%- endmacro -%}
