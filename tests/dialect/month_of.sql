-- The first day of a month, from a date or a timestamp, and a date itself.
with cases as (
    select
        'a date in the middle' as case_name,
        {{ month_of("cast('2026-02-15' as date)") }} as actual,
        cast('2026-02-01' as date) as expected
    union all
    select
        'the first day stays' as case_name,
        {{ month_of("cast('2026-03-01' as date)") }} as actual,
        cast('2026-03-01' as date) as expected
    union all
    select
        'the last second of a leap February' as case_name,
        {{ month_of("cast('2024-02-29 23:59:59' as " ~ type_timestamp() ~ ")") }} as actual,
        cast('2024-02-01' as date) as expected
    union all
    select
        'the last second of a year' as case_name,
        {{ month_of("cast('2025-12-31 23:59:59' as " ~ type_timestamp() ~ ")") }} as actual,
        cast('2025-12-01' as date) as expected
    union all
    select
        'null' as case_name,
        {{ month_of('cast(null as date)') }} as actual,
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
