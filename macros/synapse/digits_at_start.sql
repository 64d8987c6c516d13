{#- The run of digits with which a text starts; null when it starts with none. -#}
{%- macro digits_at_start(value) -%}
    nullif(left({{ value }}, patindex('%[^0-9]%', {{ value }} + 'x') - 1), '')
{%- endmacro -%}
