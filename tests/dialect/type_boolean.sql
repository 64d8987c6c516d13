-- From 1 and 0, as marts make them; null stays unknown. A case tells, as not every engine selects a condition.
with cases as (
    select
        'one' as case_name,
        case cast(cast(1 as {{ type_boolean() }}) as {{ type_integer() }})
            when 1 then 'yes' when 0 then 'no' else 'unknown'
        end as actual,
        'yes' as expected
    union all
    select
        'zero' as case_name,
        case cast(cast(0 as {{ type_boolean() }}) as {{ type_integer() }})
            when 1 then 'yes' when 0 then 'no' else 'unknown'
        end as actual,
        'no' as expected
    union all
    select
        'null' as case_name,
        case cast(cast({{ dbt.cast('null', type_integer()) }} as {{ type_boolean() }}) as {{ type_integer() }})
            when 1 then 'yes' when 0 then 'no' else 'unknown'
        end as actual,
        'unknown' as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
