-- Google's invoice months.
with cases as (
    select
        'January' as case_name,
        {{ parse_month("'202601'") }} as actual,
        cast('2026-01-01' as date) as expected
    union all
    select
        'December' as case_name,
        {{ parse_month("'202512'") }} as actual,
        cast('2025-12-01' as date) as expected
    union all
    select
        'null' as case_name,
        {{ parse_month("cast(null as " ~ type_text() ~ ")") }} as actual,
        cast(null as date) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
