{#- The schema is exactly what the folder says, after the prefix that lets several people share one warehouse. -#}
{%- macro generate_schema_name(custom_schema_name, node) -%}
    {{- env_var('CLOUDTALLY_SCHEMA_PREFIX', '') ~ (custom_schema_name or target.schema) | trim -}}
{%- endmacro -%}
