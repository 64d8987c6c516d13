-- 12 places, and 20 digits before them, without the error of a double.
with cases as (
    select
        'twelve places' as case_name,
        cast(cast('0.000000000001' as {{ type_money() }}) * 1000000 as {{ type_double() }}) * 1000000 as actual,
        1 as expected
    union all
    select
        'one more than a double can count' as case_name,
        cast(
            cast('9007199254740993.5' as {{ type_money() }}) - cast('9007199254740992' as {{ type_money() }})
            as {{ type_double() }}
        ) as actual,
        1.5 as expected
    union all
    select
        'a double is rounded to twelve places' as case_name,
        cast(
            {{ money(dbt.cast(0.1234567890124, type_double())) }} - cast('0.123456789012' as {{ type_money() }})
            as {{ type_double() }}
        ) as actual,
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
