{#- The currency that costs are converted to, as a SQL text: the var, else CLOUDTALLY_REPORTING_CURRENCY, else null. -#}
{%- macro reporting_currency() -%}
    {%- set chosen = (var('reporting_currency', '') or env_var('CLOUDTALLY_REPORTING_CURRENCY', '')) | trim -%}
    {%- if not chosen -%}
        cast(null as {{ type_text() }})
    {%- elif modules.re.fullmatch('[A-Z]{3}', chosen) -%}
        '{{ chosen }}'
    {%- else -%}
        {{- exceptions.raise_compiler_error(
            "reporting_currency is '" ~ chosen ~ "': write an ISO 4217 code of three capitals, such as EUR"
        ) -}}
    {%- endif -%}
{%- endmacro -%}
