-- Read again, it is the same number to the last digit.
with cases as (
    select
        'a double of seventeen digits' as case_name,
        cast({{ number_as_text(dbt.cast("'0.30000000000000004'", type_double())) }} as {{ type_double() }}) as actual,
        cast('0.30000000000000004' as {{ type_double() }}) as expected
    union all
    select
        'a small one' as case_name,
        cast({{ number_as_text(dbt.cast("'1.5E-7'", type_double())) }} as {{ type_double() }}) as actual,
        cast('1.5E-7' as {{ type_double() }}) as expected
    union all
    select
        'a cost' as case_name,
        cast({{ number_as_text(dbt.cast("'1234567.000000000001'", type_money())) }} as {{ type_money() }}) as actual,
        cast('1234567.000000000001' as {{ type_money() }}) as expected
    union all
    select
        'null' as case_name,
        cast({{ number_as_text(dbt.cast('null', type_double())) }} as {{ type_double() }}) as actual,
        cast(null as {{ type_double() }}) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
