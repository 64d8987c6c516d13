-- Tags as FOCUS writes them, and as Google lists them. Where the order of keys is the engine's, a case has one key.
{% set labels = json_literal('[{"Key":"team","Value":"shop"}]') %}
{% set tags = json_literal('[{"key":"team","value":"web"}]') %}
{% set marker = json_literal('[{"Key":"spot","Value":null},{"Key":null,"Value":"x"}]') %}
{% set object = json_literal('{"env": "prod"}') %}
{% set nothing = json_literal(none) %}
with cases as (
    select
        'a list' as case_name,
        {{ tags_as_json([labels]) }} as actual,
        '{"team":"shop"}' as expected
    union all
    select
        'the later list wins, and keys are spelt small as well' as case_name,
        {{ tags_as_json([labels, tags]) }} as actual,
        '{"team":"web"}' as expected
    union all
    select
        'a key without value is true, a value without key is dropped' as case_name,
        {{ tags_as_json([marker]) }} as actual,
        '{"spot":true}' as expected
    union all
    select
        'an object stays' as case_name,
        {{ tags_as_json([object, nothing]) }} as actual,
        '{"env":"prod"}' as expected
    union all
    select
        'nothing at all' as case_name,
        {{ tags_as_json([nothing]) }} as actual,
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
