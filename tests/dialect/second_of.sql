-- Whole seconds, without their parts.
with cases as (
    select
        'the last one' as case_name,
        {{ second_of(dbt.cast("'2026-01-31 23:59:59'", type_timestamp())) }} as actual,
        59 as expected
    union all
    select
        'parts are left out' as case_name,
        {{ second_of(dbt.cast("'2026-01-31 23:59:07.9'", type_timestamp())) }} as actual,
        7 as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
