{#- The UTC instant at which a date begins in Google's billing zone, America/Los_Angeles. -#}
{%- macro pacific_midnight(date) -%}
    {{- return(adapter.dispatch('pacific_midnight', 'cloudtally')(date)) -}}
{%- endmacro -%}

{%- macro default__pacific_midnight(date) -%}
    timezone('UTC', timezone('America/Los_Angeles', cast({{ date }} as timestamp)))
{%- endmacro -%}

{%- macro bigquery__pacific_midnight(date) -%}
    timestamp(cast({{ date }} as date), 'America/Los_Angeles')
{%- endmacro -%}

{%- macro synapse__pacific_midnight(date) -%}
    cast(cast({{ date }} as datetime2(6)) at time zone 'Pacific Standard Time' at time zone 'UTC' as datetime2(6))
{%- endmacro -%}

{%- macro athena__pacific_midnight(date) -%}
    cast(at_timezone(with_timezone(cast({{ date }} as timestamp(6)), 'America/Los_Angeles'), 'UTC') as timestamp(6))
{%- endmacro -%}
