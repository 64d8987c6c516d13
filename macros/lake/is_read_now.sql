{#-
    Whether a delivery is one of those that the statement at hand is about: a sliced model says which (read_only_deliveries),
    all others read every current one. It stands in the views over files, where DuckDB holds it against the names of
    files before it opens them; a filter on the model's own rows does not get through all joins and shared subqueries.
-#}
{%- macro is_read_now(delivery_id) -%}
    coalesce(list_contains(getvariable('deliveries_read_now'), {{ delivery_id }}), true)
{%- endmacro -%}
