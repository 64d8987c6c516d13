-- America/Los_Angeles is 8 hours behind UTC in winter and 7 in summer. In 2026 the clocks change at 2 in the morning of
-- the 8th of March and of the 1st of November, so a switch day still begins in the old time.
with cases as (
    select
        'winter' as case_name,
        {{ pacific_midnight("cast('2026-01-01' as date)") }} as actual,
        cast('2026-01-01 08:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'summer' as case_name,
        {{ pacific_midnight("cast('2026-07-01' as date)") }} as actual,
        cast('2026-07-01 07:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'the month in which summer time begins' as case_name,
        {{ pacific_midnight("cast('2026-03-01' as date)") }} as actual,
        cast('2026-03-01 08:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'the day on which summer time begins' as case_name,
        {{ pacific_midnight("cast('2026-03-08' as date)") }} as actual,
        cast('2026-03-08 08:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'the day after' as case_name,
        {{ pacific_midnight("cast('2026-03-09' as date)") }} as actual,
        cast('2026-03-09 07:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'the end of that month' as case_name,
        {{ pacific_midnight("cast('2026-04-01' as date)") }} as actual,
        cast('2026-04-01 07:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'the month and day on which summer time ends' as case_name,
        {{ pacific_midnight("cast('2026-11-01' as date)") }} as actual,
        cast('2026-11-01 07:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'the day after the end of summer time' as case_name,
        {{ pacific_midnight("cast('2026-11-02' as date)") }} as actual,
        cast('2026-11-02 08:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'the end of the month in which summer time ends' as case_name,
        {{ pacific_midnight("cast('2026-12-01' as date)") }} as actual,
        cast('2026-12-01 08:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'the next month, as the models compute it' as case_name,
        {{ pacific_midnight(add_to_date('month', 1, "cast('2026-10-01' as date)")) }} as actual,
        cast('2026-11-01 07:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'null' as case_name,
        {{ pacific_midnight('cast(null as date)') }} as actual,
        cast(null as {{ type_timestamp() }}) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
