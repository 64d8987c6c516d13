{#- The cost that centers are charged: effective_cost, or billed_cost where the var chargeback_basis says so. -#}
{%- macro chargeback_cost() -%}
    {{- chargeback_basis() ~ '_cost' -}}
{%- endmacro -%}

{%- macro chargeback_basis() -%}
    {%- set basis = var('chargeback_basis') -%}
    {%- if basis not in ['effective', 'billed'] -%}
        {{- exceptions.raise_compiler_error("chargeback_basis is '" ~ basis ~ "': write effective or billed in dbt_project.yml or --vars") -}}
    {%- endif -%}
    {{- basis -}}
{%- endmacro -%}
