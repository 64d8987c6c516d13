-- Tags of a resource. The keys stand in alphabetical order, since some engines sort them.
{% set quoted_tags = {'a "team"': 'C:\\web'} %}
with cases as (
    select
        'a map' as case_name,
        {{ map_as_json_text(map_literal({'env': 'prod', 'team': 'web'})) }} as actual,
        '{"env":"prod","team":"web"}' as expected
    union all
    select
        'quotes and backslashes' as case_name,
        {{ map_as_json_text(map_literal(quoted_tags)) }} as actual,
        {{ text_literal('{"a \\"team\\"":"C:\\\\web"}') }} as expected
    union all
    select
        'an empty map' as case_name,
        {{ map_as_json_text(map_literal({})) }} as actual,
        cast(null as {{ type_text() }}) as expected
    union all
    select
        'a null map' as case_name,
        {{ map_as_json_text(map_literal(none)) }} as actual,
        cast(null as {{ type_text() }}) as expected
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
