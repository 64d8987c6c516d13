{#- Whether the conditions of a rule other than its tag hold for a combination of attributes; a condition left out holds. -#}
{%- macro rule_applies(attributes, rules) -%}
    {%- for name in ['provider', 'billing_account_id', 'sub_account_id', 'service_name', 'region_id'] -%}
    {{ 'and ' if not loop.first }}({{ rules }}.{{ name }} is null or lower({{ attributes }}.{{ name }}) = {{ rules }}.{{ name }})
    {% endfor -%}
    and (
        {{ rules }}.resource_pattern is null
        or {{ matches_pattern('lower(' ~ attributes ~ '.resource_id)', rules ~ '.resource_pattern') }} = 1
    )
{%- endmacro -%}
