-- More than 32 bits hold.
with cases as (
    select
        'a billion squared' as case_name,
        cast(1000000000 as {{ type_bigint() }}) * 1000000000 as actual,
        cast('1000000000000000000' as {{ type_bigint() }}) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
