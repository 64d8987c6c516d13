{#- A declared column's name in the flat files that `tally stage` writes: no engine but DuckDB takes a slash in a name. -#}
{%- macro flat_name(name) -%}
    {{- return(name | lower | replace('/', '_')) -}}
{%- endmacro -%}
