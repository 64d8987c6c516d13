-- Texts as exports write them, and what a source declared as JSON holds. Two keys stand in alphabetical order, since
-- some engines sort them.
with cases as (
    select
        'a text stays' as case_name,
        {{ as_json_text("'{\"env\":\"prod\",\"team\":\"web\"}'") }} as actual,
        '{"env":"prod","team":"web"}' as expected
    union all
    select
        'case and blanks in values stay' as case_name,
        {{ as_json_text("'{\"Team\":\"Web Shop\"}'") }} as actual,
        '{"Team":"Web Shop"}' as expected
    union all
    select
        'an empty object' as case_name,
        {{ as_json_text("'{}'") }} as actual,
        cast(null as {{ type_text() }}) as expected
    union all
    select
        'no JSON' as case_name,
        {{ as_json_text("'team=web'") }} as actual,
        cast(null as {{ type_text() }}) as expected
    union all
    select
        'null' as case_name,
        {{ as_json_text("cast(null as " ~ type_text() ~ ")") }} as actual,
        cast(null as {{ type_text() }}) as expected
    union all
    select
        'JSON' as case_name,
        {{ as_json_text(json_literal('{"team": "web"}')) }} as actual,
        '{"team":"web"}' as expected
    union all
    select
        'an empty object of JSON' as case_name,
        {{ as_json_text(json_literal('{}')) }} as actual,
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
