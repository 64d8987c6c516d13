-- The structs' literals stand on top: no two engines write one alike.
{% set invoice = "{'month': '202601', 'lines': [1]}" %}
{% set no_invoice = "cast(null as struct(month varchar))" %}
with structs as (
    select
        {{ invoice }} as invoice,
        {{ no_invoice }} as no_invoice
),

cases as (
    select
        'a field' as case_name,
        {{ field('invoice', 'month') }} as actual,
        '202601' as expected
    from structs
    union all
    select
        'of a column with its table' as case_name,
        {{ field('structs.invoice', 'month') }} as actual,
        '202601' as expected
    from structs
    union all
    select
        'a null struct' as case_name,
        {{ field('no_invoice', 'month') }} as actual,
        cast(null as {{ type_text() }}) as expected
    from structs
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
