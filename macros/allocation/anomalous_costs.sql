{#- What open anomalies cost beyond what was expected, by day, as a subquery; without rows where anomalies are not built. -#}
{%- macro anomalous_costs() -%}
    {{- return(adapter.dispatch('anomalous_costs', 'cloudtally')()) -}}
{%- endmacro -%}

{%- macro default__anomalous_costs() -%}
    {%- if var('intelligence_in_marts') -%}
        (
            select provider, sub_account_id, billing_currency, charge_date,
                case when actual_cost > expected_cost then actual_cost - expected_cost else 0 end as anomalous_cost
            from {{ ref('anomalies') }}
            where status = 'open'
        )
    {%- else -%}
        {{- no_anomalies() -}}
    {%- endif -%}
{%- endmacro -%}

{%- macro bigquery__anomalous_costs() -%}{{- no_anomalies() -}}{%- endmacro -%}

{%- macro athena__anomalous_costs() -%}{{- no_anomalies() -}}{%- endmacro -%}

{%- macro synapse__anomalous_costs() -%}{{- no_anomalies() -}}{%- endmacro -%}

{%- macro no_anomalies() -%}
    (
        select provider, sub_account_id, billing_currency, charge_date, effective_cost as anomalous_cost
        from {{ ref('daily_cost') }}
        where 1 = 0
    )
{%- endmacro -%}
