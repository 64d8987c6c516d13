{#- Lower case, each run of other characters than letters and digits one hyphen, none at the ends. -#}
{%- macro slug(value) -%}
    {{- return(adapter.dispatch('slug', 'cloudtally')(value)) -}}
{%- endmacro -%}

{%- macro default__slug(value) -%}
    trim(regexp_replace(lower({{ value }}), '[^a-z0-9]+', '-', 'g'), '-')
{%- endmacro -%}

{%- macro athena__slug(value) -%}
    regexp_replace(regexp_replace(lower({{ value }}), '[^a-z0-9]+', '-'), '^-|-$', '')
{%- endmacro -%}
