-- Credits in fractions that a double holds exactly.
{% set shape = {'type': 'text', 'amount': 'double'} %}
{% set credits = structs_literal([['DISCOUNT', -0.5], ['PROMOTION', -0.25], ['PROMOTION', -2.0]], shape) %}
{% set with_null = structs_literal([['PROMOTION', -0.25], ['PROMOTION', none], [none, -4.0]], shape) %}
{% set no_credits = structs_literal([], shape) %}
{% set absent = structs_literal(none, shape) %}
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
