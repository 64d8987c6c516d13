-- With an offset the instant is moved to UTC, without one it is UTC already.
with cases as (
    select
        'offset' as case_name,
        {{ utc_timestamp("'2026-01-01 01:30:00+01:00'") }} as actual,
        cast('2026-01-01 00:30:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'west of Greenwich' as case_name,
        {{ utc_timestamp("'2026-06-30T17:00:00-07:00'") }} as actual,
        cast('2026-07-01 00:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'zulu' as case_name,
        {{ utc_timestamp("'2026-01-01T00:00:00Z'") }} as actual,
        cast('2026-01-01 00:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'no offset' as case_name,
        {{ utc_timestamp("'2026-01-01 12:00:00'") }} as actual,
        cast('2026-01-01 12:00:00' as {{ type_timestamp() }}) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
