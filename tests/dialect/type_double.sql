-- 64 bits: the largest whole number of a double, which 32 bits cannot hold; 1E-3 is how some bills write a cost.
with cases as (
    select
        'a text' as case_name,
        cast('0.25' as {{ type_double() }}) as actual,
        0.25 as expected
    union all
    select
        'an exponent' as case_name,
        1000 * cast('125E-3' as {{ type_double() }}) as actual,
        125 as expected
    union all
    select
        'the largest whole number' as case_name,
        cast(cast('9007199254740991' as {{ type_double() }}) as {{ type_bigint() }}) as actual,
        9007199254740991 as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
