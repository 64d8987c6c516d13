-- The ways in which Azure's exports have written a date. 03/04/2026 is the fourth of March.
with cases as (
    select
        'ISO' as case_name,
        {{ parse_date("'2026-01-31'") }} as actual,
        cast('2026-01-31' as date) as expected
    union all
    select
        'ISO with a time' as case_name,
        {{ parse_date("'2026-01-31 23:59:59'") }} as actual,
        cast('2026-01-31' as date) as expected
    union all
    select
        'ISO in UTC' as case_name,
        {{ parse_date("'2026-01-31T00:00:00Z'") }} as actual,
        cast('2026-01-31' as date) as expected
    union all
    select
        'US' as case_name,
        {{ parse_date("'03/04/2026'") }} as actual,
        cast('2026-03-04' as date) as expected
    union all
    select
        'US, a day that is no month' as case_name,
        {{ parse_date("'01/31/2026'") }} as actual,
        cast('2026-01-31' as date) as expected
    union all
    select
        'US without leading zeros' as case_name,
        {{ parse_date("'1/5/2026'") }} as actual,
        cast('2026-01-05' as date) as expected
    union all
    select
        'US with a time' as case_name,
        {{ parse_date("'01/31/2026 00:00:00'") }} as actual,
        cast('2026-01-31' as date) as expected
    union all
    select
        'US with hours' as case_name,
        {{ parse_date("'9/1/2023 0:00'") }} as actual,
        cast('2023-09-01' as date) as expected
    union all
    select
        'already a date' as case_name,
        {{ parse_date("cast('2026-01-31' as date)") }} as actual,
        cast('2026-01-31' as date) as expected
    union all
    select
        'no date' as case_name,
        {{ parse_date("'n/a'") }} as actual,
        cast(null as date) as expected
    union all
    select
        'empty' as case_name,
        {{ parse_date("''") }} as actual,
        cast(null as date) as expected
    union all
    select
        'null' as case_name,
        {{ parse_date("cast(null as " ~ type_text() ~ ")") }} as actual,
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
