-- On and back, over the ends of months; the count may be an expression.
with cases as (
    select
        'a day' as case_name,
        {{ add_to_date('day', 1, "cast('2026-02-28' as date)") }} as actual,
        cast('2026-03-01' as date) as expected
    union all
    select
        'days back' as case_name,
        {{ add_to_date('day', -100, "cast('2026-04-11' as date)") }} as actual,
        cast('2026-01-01' as date) as expected
    union all
    select
        'a month' as case_name,
        {{ add_to_date('month', 1, "cast('2026-01-31' as date)") }} as actual,
        cast('2026-02-28' as date) as expected
    union all
    select
        'months by an expression' as case_name,
        {{ add_to_date('month', '-coalesce(nullif(2, 2), 12)', "cast('2026-01-01' as date)") }} as actual,
        cast('2025-01-01' as date) as expected
    union all
    select
        'null' as case_name,
        {{ add_to_date('day', 1, 'cast(null as date)') }} as actual,
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
