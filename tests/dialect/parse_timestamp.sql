-- As the legacy report of AWS writes times.
with cases as (
    select
        'ISO' as case_name,
        {{ parse_timestamp("'2026-01-31T23:00:00Z'") }} as actual,
        cast('2026-01-31 23:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'a blank' as case_name,
        {{ parse_timestamp("'2026-01-31 23:00:00'") }} as actual,
        cast('2026-01-31 23:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'milliseconds' as case_name,
        {{ parse_timestamp("'2026-01-31T23:00:00.500Z'") }} as actual,
        cast('2026-01-31 23:00:00.5' as {{ type_timestamp() }}) as expected
    union all
    select
        'a date' as case_name,
        {{ parse_timestamp("'2026-01-31'") }} as actual,
        cast('2026-01-31 00:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'null' as case_name,
        {{ parse_timestamp(dbt.cast('null', type_text())) }} as actual,
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
