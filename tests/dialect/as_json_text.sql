-- Texts as exports write them, and a map. The map's literal stands on top: no two engines write one alike.
{% set tags = "map {'team': 'web'}" %}
{% set no_tags = "cast(map {} as map(varchar, varchar))" %}
with cases as (
    select
        'a text stays' as case_name,
        {{ as_json_text("'{\"team\":\"web\",\"env\":\"prod\"}'") }} as actual,
        '{"team":"web","env":"prod"}' as expected
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
        'a map' as case_name,
        {{ as_json_text(tags) }} as actual,
        '{"team":"web"}' as expected
    union all
    select
        'an empty map' as case_name,
        {{ as_json_text(no_tags) }} as actual,
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
