{#-
    A post-hook for engines whose adapter enforces no contract: stops a model whose columns are not exactly those that its
    yml declares, or are of another kind of type. On DuckDB dbt enforces the contract itself.
-#}
{%- macro hold_contract() -%}
    {%- if execute -%}{%- do adapter.dispatch('hold_contract', 'cloudtally')() -%}{%- endif -%}
{%- endmacro -%}

{%- macro duckdb__hold_contract() -%}{%- endmacro -%}

{%- macro default__hold_contract() -%}
    {%- set declared = {} -%}
    {%- for column in model.columns.values() | selectattr('data_type') -%}
        {%- do declared.update({column.name | lower: native_kind(column.data_type)}) -%}
    {%- endfor -%}
    {%- set found = {} -%}
    {%- for column in adapter.get_columns_in_relation(this) -%}
        {%- do found.update({column.name | lower: native_kind(column.data_type)}) -%}
    {%- endfor -%}
    {%- set faults = [] -%}
    {%- for name in declared.keys() | list + found.keys() | reject('in', declared) | list -%}
        {%- set wanted, given = declared.get(name, 'no column'), found.get(name, 'no column') -%}
        {%- if wanted != given -%}
            {%- do faults.append(name ~ ' is ' ~ given ~ ', declared is ' ~ wanted) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if faults and declared -%}
        {%- do exceptions.raise_compiler_error(
            this ~ ' is not as ' ~ model.patch_path ~ ' declares it: ' ~ faults | join('; ') ~ '. Mend the select or the yml.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}

{#- A type in words of all engines. dbt tells some declared types in an engine's own words and some as they were written. -#}
{%- macro native_kind(data_type) -%}
    {%- set name = data_type.split('(')[0] | lower | trim -%}
    {{- return({
        'string': 'text', 'varchar': 'text', 'char': 'text', 'nvarchar': 'text', 'json': 'text',
        'float64': 'double', 'float': 'double', 'real': 'double',
        'bignumeric': 'decimal', 'numeric': 'decimal',
        'datetime2': 'timestamp', 'datetime': 'timestamp', 'bool': 'boolean', 'bit': 'boolean',
        'int64': 'whole number', 'bigint': 'whole number', 'integer': 'whole number', 'int': 'whole number',
    }.get(name, name)) -}}
{%- endmacro -%}
