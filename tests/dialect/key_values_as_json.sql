-- Labels of a project, of a resource, and tags. Two keys stand in alphabetical order, since some engines sort them.
{% set shape = {'key': 'text', 'value': 'text'} %}
with lists as (
    select
        {{ structs_literal([['team', 'web']], shape) }} as project_labels,
        {{ structs_literal([['team', 'shop']], shape) }} as labels,
        {{ structs_literal([['env', 'prod']], shape) }} as tags,
        {{ structs_literal([['spot', none]], shape) }} as marker,
        {{ structs_literal([['team', '']], shape) }} as empty_value,
        {{ structs_literal([[none, 'web']], shape) }} as keyless,
        {{ structs_literal([['note', '{a},b:c']], shape) }} as separators,
        {{ structs_literal([['note', 'say "hi"']], shape) }} as quoted,
        {{ structs_literal([], shape) }} as no_labels,
        {{ structs_literal(none, shape) }} as absent
),

cases as (
    select
        'one list' as case_name,
        {{ key_values_as_json(['project_labels']) }} as actual,
        '{"team":"web"}' as expected
    from lists
    union all
    select
        'the later list wins' as case_name,
        {{ key_values_as_json(['project_labels', 'labels']) }} as actual,
        '{"team":"shop"}' as expected
    from lists
    union all
    select
        'the earlier list is kept where keys differ' as case_name,
        {{ key_values_as_json(['tags', 'project_labels']) }} as actual,
        '{"env":"prod","team":"web"}' as expected
    from lists
    union all
    select
        'a key without value is true' as case_name,
        {{ key_values_as_json(['marker']) }} as actual,
        '{"spot":true}' as expected
    from lists
    union all
    select
        'an empty value stays' as case_name,
        {{ key_values_as_json(['empty_value']) }} as actual,
        '{"team":""}' as expected
    from lists
    union all
    select
        'an entry without key is dropped' as case_name,
        {{ key_values_as_json(['keyless', 'labels']) }} as actual,
        '{"team":"shop"}' as expected
    from lists
    union all
    select
        'separators in a value stay' as case_name,
        {{ key_values_as_json(['separators']) }} as actual,
        '{"note":"{a},b:c"}' as expected
    from lists
    union all
    select
        'a quote in a value is escaped' as case_name,
        {{ key_values_as_json(['quoted']) }} as actual,
        {{ text_literal('{"note":"say \\"hi\\""}') }} as expected
    from lists
    union all
    select
        'a null list beside another' as case_name,
        {{ key_values_as_json(['absent', 'labels']) }} as actual,
        '{"team":"shop"}' as expected
    from lists
    union all
    select
        'nothing' as case_name,
        {{ key_values_as_json(['no_labels', 'absent']) }} as actual,
        cast(null as {{ type_text() }}) as expected
    from lists
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
