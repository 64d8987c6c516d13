-- The maps' literals stand on top: no two engines write one alike.
{% set tags = "map {'team': 'web', 'env': 'prod'}" %}
{% set quoted_tags = "map {'a \"team\"': 'C:\\web'}" %}
{% set no_tags = "cast(map {} as map(varchar, varchar))" %}
with cases as (
    select
        'a map' as case_name,
        {{ map_as_json_text(tags) }} as actual,
        '{"team":"web","env":"prod"}' as expected
    union all
    select
        'quotes and backslashes' as case_name,
        {{ map_as_json_text(quoted_tags) }} as actual,
        '{"a \"team\"":"C:\\web"}' as expected
    union all
    select
        'an empty map' as case_name,
        {{ map_as_json_text(no_tags) }} as actual,
        cast(null as {{ type_text() }}) as expected
    union all
    select
        'a null map' as case_name,
        {{ map_as_json_text("cast(null as map(varchar, varchar))") }} as actual,
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
