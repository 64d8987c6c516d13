-- Labels of a project, of a resource, and tags. Two keys stand in alphabetical order, since some engines sort them.
{% set shape = {'key': 'text', 'value': 'text'} %}
{% set project_labels = structs_literal([['team', 'web']], shape) %}
{% set labels = structs_literal([['team', 'shop']], shape) %}
{% set tags = structs_literal([['env', 'prod']], shape) %}
{% set marker = structs_literal([['spot', none]], shape) %}
{% set empty_value = structs_literal([['team', '']], shape) %}
{% set keyless = structs_literal([[none, 'web']], shape) %}
{% set separators = structs_literal([['note', '{a},b:c']], shape) %}
{% set quoted = structs_literal([['note', 'say "hi"']], shape) %}
{% set no_labels = structs_literal([], shape) %}
{% set absent = structs_literal(none, shape) %}
with cases as (
    select
        'one list' as case_name,
        {{ key_values_as_json([project_labels]) }} as actual,
        '{"team":"web"}' as expected
    union all
    select
        'the later list wins' as case_name,
        {{ key_values_as_json([project_labels, labels]) }} as actual,
        '{"team":"shop"}' as expected
    union all
    select
        'the earlier list is kept where keys differ' as case_name,
        {{ key_values_as_json([tags, project_labels]) }} as actual,
        '{"env":"prod","team":"web"}' as expected
    union all
    select
        'a key without value is true' as case_name,
        {{ key_values_as_json([marker]) }} as actual,
        '{"spot":true}' as expected
    union all
    select
        'an empty value stays' as case_name,
        {{ key_values_as_json([empty_value]) }} as actual,
        '{"team":""}' as expected
    union all
    select
        'an entry without key is dropped' as case_name,
        {{ key_values_as_json([keyless, labels]) }} as actual,
        '{"team":"shop"}' as expected
    union all
    select
        'separators in a value stay' as case_name,
        {{ key_values_as_json([separators]) }} as actual,
        '{"note":"{a},b:c"}' as expected
    union all
    select
        'a quote in a value is escaped' as case_name,
        {{ key_values_as_json([quoted]) }} as actual,
        {{ text_literal('{"note":"say \\"hi\\""}') }} as expected
    union all
    select
        'a null list beside another' as case_name,
        {{ key_values_as_json([absent, labels]) }} as actual,
        '{"team":"shop"}' as expected
    union all
    select
        'nothing' as case_name,
        {{ key_values_as_json([no_labels, absent]) }} as actual,
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
