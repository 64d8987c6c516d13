{#-
    The relation of daily forecasts as a subquery, or none of the kind where no model of that name is built: on the warehouses,
    and where the var intelligence_in_marts is off.
-#}
{%- macro daily_forecasts() -%}
    {{- return(adapter.dispatch('daily_forecasts', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__daily_forecasts() -%}
    {%- if var('intelligence_in_marts') -%}
        (
            select level, provider, sub_account_id, service_name, billing_currency, forecast_date, forecast_cost
            from {{ ref('forecasts') }}
        )
    {%- else -%}
        {{- no_forecasts() -}}
    {%- endif -%}
{%- endmacro -%}

{%- macro bigquery__daily_forecasts() -%}{{- no_forecasts() -}}{%- endmacro -%}

{%- macro athena__daily_forecasts() -%}{{- no_forecasts() -}}{%- endmacro -%}

{%- macro synapse__daily_forecasts() -%}{{- no_forecasts() -}}{%- endmacro -%}

{%- macro no_forecasts() -%}
    (
        select 'none' as level, provider, sub_account_id, service_name, billing_currency, charge_date as forecast_date,
            effective_cost as forecast_cost
        from {{ ref('daily_cost') }}
        where 1 = 0
    )
{%- endmacro -%}
