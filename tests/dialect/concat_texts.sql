-- One null makes the whole null.
with cases as (
    select
        'three texts' as case_name,
        {{ concat_texts(["'a'", "'-'", "'b'"]) }} as actual,
        'a-b' as expected
    union all
    select
        'an empty text' as case_name,
        {{ concat_texts(["'a'", "''"]) }} as actual,
        'a' as expected
    union all
    select
        'null' as case_name,
        {{ concat_texts(["'a'", 'cast(null as ' ~ type_text() ~ ')', "'b'"]) }} as actual,
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
