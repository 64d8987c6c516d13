-- Credits in fractions that a double holds exactly. The lists' literals stand on top: no two engines write one alike.
{% set shape = "struct(type varchar, amount double)[]" %}
{% set discount = "{'type': 'DISCOUNT', 'amount': -0.5}" %}
{% set promotion = "{'type': 'PROMOTION', 'amount': -0.25}" %}
{% set credits = "[" ~ discount ~ ", " ~ promotion ~ ", {'type': 'PROMOTION', 'amount': -2.0}]" %}
{% set with_null = "[" ~ promotion ~ ", {'type': 'PROMOTION', 'amount': null}, {'type': null, 'amount': -4.0}]" %}
{% set no_credits = "cast([] as " ~ shape ~ ")" %}
{% set absent = "cast(null as " ~ shape ~ ")" %}
with cases as (
    select
        'one type: -0.25 - 2' as case_name,
        {{ sum_of_field_where(credits, 'amount', 'type', ['PROMOTION']) }} as actual,
        -2.25 as expected
    union all
    select
        'two types: -0.5 - 0.25 - 2' as case_name,
        {{ sum_of_field_where(credits, 'amount', 'type', ['DISCOUNT', 'PROMOTION']) }} as actual,
        -2.75 as expected
    union all
    select
        'a type that is not there' as case_name,
        {{ sum_of_field_where(credits, 'amount', 'type', ['FEE_UTILIZATION_OFFSET']) }} as actual,
        0 as expected
    union all
    select
        'null types and amounts count as none: -0.25' as case_name,
        {{ sum_of_field_where(with_null, 'amount', 'type', ['PROMOTION']) }} as actual,
        -0.25 as expected
    union all
    select
        'an empty list' as case_name,
        {{ sum_of_field_where(no_credits, 'amount', 'type', ['PROMOTION']) }} as actual,
        0 as expected
    union all
    select
        'a null list' as case_name,
        {{ sum_of_field_where(absent, 'amount', 'type', ['PROMOTION']) }} as actual,
        0 as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
