{#- One part of a series_id: a slash, and the percent sign that encodes it, are percent-encoded; null is a dash. -#}
{%- macro series_part(column) -%}
    coalesce(replace(replace({{ column }}, '%', '%25'), '/', '%2F'), '-')
{%- endmacro -%}
