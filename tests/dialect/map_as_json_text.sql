-- Tags of a resource. The keys stand in alphabetical order, since some engines sort them.
with maps as (
    select
        {{ map_literal({'env': 'prod', 'team': 'web'}) }} as tags,
        {{ map_literal({'a "team"': 'C:\\web'}) }} as quoted_tags,
        {{ map_literal({}) }} as no_tags,
        {{ map_literal(none) }} as absent
),

cases as (
    select
        'a map' as case_name,
        {{ map_as_json_text('tags') }} as actual,
        '{"env":"prod","team":"web"}' as expected
    from maps
    union all
    select
        'quotes and backslashes' as case_name,
        {{ map_as_json_text('quoted_tags') }} as actual,
        {{ text_literal('{"a \\"team\\"":"C:\\\\web"}') }} as expected
    from maps
    union all
    select
        'an empty map' as case_name,
        {{ map_as_json_text('no_tags') }} as actual,
        cast(null as {{ type_text() }}) as expected
    from maps
    union all
    select
        'a null map' as case_name,
        {{ map_as_json_text('absent') }} as actual,
        cast(null as {{ type_text() }}) as expected
    from maps
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
