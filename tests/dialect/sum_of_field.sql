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
        '-0.5 - 0.25 - 2' as case_name,
        {{ sum_of_field(credits, 'amount') }} as actual,
        -2.75 as expected
    union all
    select
        'a null amount counts as none: -0.25 - 4' as case_name,
        {{ sum_of_field(with_null, 'amount') }} as actual,
        -4.25 as expected
    union all
    select
        'an empty list' as case_name,
        {{ sum_of_field(no_credits, 'amount') }} as actual,
        0 as expected
    union all
    select
        'a null list' as case_name,
        {{ sum_of_field(absent, 'amount') }} as actual,
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
