{#- What stands between two texts, the first of each; null when either is missing or nothing is between them. -#}
{%- macro text_between(value, before, after) -%}
    {%- set start = "nullif(charindex('" ~ before ~ "', " ~ value ~ "), 0) + " ~ before | length -%}
    nullif(substring({{ value }}, {{ start }}, nullif(charindex('{{ after }}', {{ value }}, {{ start }}), 0) - ({{ start }})), '')
    collate database_default
{%- endmacro -%}
