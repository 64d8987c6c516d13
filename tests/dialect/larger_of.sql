-- Where one is null it is the other.
with cases as (
    select
        'the first' as case_name,
        {{ larger_of('3', '2') }} as actual,
        3 as expected
    union all
    select
        'the second' as case_name,
        {{ larger_of('2', '3') }} as actual,
        3 as expected
    union all
    select
        'the first is null' as case_name,
        {{ larger_of('cast(null as ' ~ type_integer() ~ ')', '3') }} as actual,
        3 as expected
    union all
    select
        'the second is null' as case_name,
        {{ larger_of('2', 'cast(null as ' ~ type_integer() ~ ')') }} as actual,
        2 as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
