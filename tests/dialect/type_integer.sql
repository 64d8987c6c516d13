-- A text of digits is a number.
with cases as (
    select
        'digits' as case_name,
        cast('12' as {{ type_integer() }}) * 12 as actual,
        144 as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
