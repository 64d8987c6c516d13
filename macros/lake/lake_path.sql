{#- Where a part of the lake lies: a path or a URI, without a trailing slash. -#}
{%- macro lake_path(part) -%}
    {{- env_var('CLOUDTALLY_LAKE', 'lake').rstrip('/') ~ '/' ~ part -}}
{%- endmacro -%}
