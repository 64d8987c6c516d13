-- To the microsecond; a date is its midnight.
with cases as (
    select
        'a date' as case_name,
        cast(cast('2026-01-31' as date) as {{ type_timestamp() }}) as actual,
        cast('2026-01-31 00:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'a text that is a date' as case_name,
        cast('2026-01-31' as {{ type_timestamp() }}) as actual,
        cast('2026-01-31 00:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'microseconds count' as case_name,
        case
            when
                cast('2026-01-31 00:00:00.000001' as {{ type_timestamp() }})
                > cast('2026-01-31' as {{ type_timestamp() }})
                then cast('2026-01-31' as {{ type_timestamp() }})
        end as actual,
        cast('2026-01-31 00:00:00' as {{ type_timestamp() }}) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
