{#- Whether two relations agree in all that an allocation rule can read, nulls being alike. -#}
{%- macro same_attributes(one, other) -%}
    {{ one }}.provider = {{ other }}.provider
    {%- for name in [
        'billing_account_id', 'sub_account_id', 'service_name', 'region_id', 'resource_id', 'resource_type', 'tags',
        'allocated_tags'
    ] %}
    and coalesce({{ one }}.{{ name }}, '') = coalesce({{ other }}.{{ name }}, '')
    {%- endfor %}
{%- endmacro -%}
