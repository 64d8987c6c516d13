-- By each part that the models use.
with cases as (
    select
        'a second' as case_name,
        {{ add_to_timestamp('second', 1, dbt.cast("'2026-12-31 23:59:59'", type_timestamp())) }} as actual,
        cast('2027-01-01 00:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'hours' as case_name,
        {{ add_to_timestamp('hour', 14, dbt.cast("'2026-01-31 10:00:00'", type_timestamp())) }} as actual,
        cast('2026-02-01 00:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'a day' as case_name,
        {{ add_to_timestamp('day', 1, dbt.cast("'2026-02-28 08:00:00'", type_timestamp())) }} as actual,
        cast('2026-03-01 08:00:00' as {{ type_timestamp() }}) as expected
    union all
    select
        'a month' as case_name,
        {{ add_to_timestamp('month', 1, dbt.cast("'2026-01-31 08:00:00'", type_timestamp())) }} as actual,
        cast('2026-02-28 08:00:00' as {{ type_timestamp() }}) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
