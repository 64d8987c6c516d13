{#- The larger of two numbers; where one is null the other. Engines' greatest disagree on null, and T-SQL had none for long. -#}
{%- macro larger_of(one, other) -%}
    {{- return(adapter.dispatch('larger_of', 'cloudtally')(one, other)) -}}
{%- endmacro -%}

{%- macro default__larger_of(one, other) -%}
    case when {{ other }} is null or {{ one }} >= {{ other }} then {{ one }} else {{ other }} end
{%- endmacro -%}
