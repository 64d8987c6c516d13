-- A text is whole: a bare varchar of T-SQL cuts it at its thirtieth character.
with cases as (
    select
        'a text of 40 characters' as case_name,
        cast('0123456789012345678901234567890123456789' as {{ type_text() }}) as actual,
        '0123456789012345678901234567890123456789' as expected
    union all
    select
        'a whole number' as case_name,
        cast(42 as {{ type_text() }}) as actual,
        '42' as expected
    union all
    select
        'null' as case_name,
        cast(null as {{ type_text() }}) as actual,
        cast(null as {{ type_text() }}) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
