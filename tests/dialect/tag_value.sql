-- Tags as the ledger keeps them, with the key as a column.
with tagged as (
    select
        cast(
            '{"Team":"shop","TEAM":"old","cost/center":"CC-1","spot":true,"a~b":"x, \"y\"","size":3}'
            as {{ type_text() }}
        ) as tags,
        cast('team' as {{ type_text() }}) as team,
        cast('Cost/Center' as {{ type_text() }}) as cost_center,
        cast('spot' as {{ type_text() }}) as spot,
        cast('a~b' as {{ type_text() }}) as odd,
        cast('size' as {{ type_text() }}) as size_key,
        cast('shop' as {{ type_text() }}) as absent
),

cases as (
    select
        'of two cases the last in order' as case_name,
        {{ tag_value('tags', 'team') }} as actual,
        'shop' as expected
    from tagged
    union all
    select
        'a key with a slash' as case_name,
        {{ tag_value('tags', 'cost_center') }} as actual,
        'CC-1' as expected
    from tagged
    union all
    select
        'a key without value' as case_name,
        {{ tag_value('tags', 'spot') }} as actual,
        'true' as expected
    from tagged
    union all
    select
        'a value with a comma and quotes' as case_name,
        {{ tag_value('tags', 'odd') }} as actual,
        'x, "y"' as expected
    from tagged
    union all
    select
        'a number' as case_name,
        {{ tag_value('tags', 'size_key') }} as actual,
        '3' as expected
    from tagged
    union all
    select
        'a value is no key' as case_name,
        {{ tag_value('tags', 'absent') }} as actual,
        cast(null as {{ type_text() }}) as expected
    from tagged
    union all
    select
        'no tags' as case_name,
        {{ tag_value('cast(null as ' ~ type_text() ~ ')', 'team') }} as actual,
        cast(null as {{ type_text() }}) as expected
    from tagged
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
