{#-
    Tells the views over raw files which deliveries the next statements are about. It holds for this connection only, and
    dbt gives each model its own.
-#}
{%- macro read_only_deliveries(slices) -%}
    {%- set ids = [] -%}
    {%- for slice in slices -%}{%- do ids.extend(slice.delivery_ids) -%}{%- endfor -%}
    {%- do run_query("set variable deliveries_read_now = ['" ~ ids | join("', '") ~ "']") -%}
{%- endmacro -%}
