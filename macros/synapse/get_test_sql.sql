{#-
    A test's result from a view over its query: a dedicated pool takes a WITH inside no subquery. The adapter's own form
    looks for a query that starts with the word; ours may start with a comment.
-#}
{%- macro synapse__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {%- set view = model.schema ~ '.[test_' ~ local_md5(model.unique_id) ~ ']' -%}
    if not exists (select * from sys.schemas where name = '{{ model.schema }}') exec('create schema [{{ model.schema }}]');
    if object_id('{{ view }}', 'V') is not null exec('drop view {{ view }}');
    exec('create view {{ view }} as {{ main_sql | replace("'", "''") }}');
    select
        {{ fail_calc }} as failures,
        case when {{ fail_calc }} {{ warn_if }} then 'true' else 'false' end as should_warn,
        case when {{ fail_calc }} {{ error_if }} then 'true' else 'false' end as should_error
    from (select {{ 'top (' ~ limit ~ ')' if limit is not none }} * from {{ view }}) as failing;
    exec('drop view {{ view }}');
{%- endmacro -%}
