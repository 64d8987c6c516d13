{#- The run of digits with which a text ends; null when it ends with none. -#}
{%- macro digits_at_end(value) -%}
    nullif(right({{ value }}, patindex('%[^0-9]%', reverse({{ value }}) + 'x') - 1), '')
{%- endmacro -%}
