-- Tags as FOCUS writes them, and as Google lists them. Where the order of keys is the engine's, a case has one key.
{% set labels = "cast('[{\"Key\":\"team\",\"Value\":\"shop\"}]' as json)" %}
{% set tags = "cast('[{\"key\":\"team\",\"value\":\"web\"}]' as json)" %}
{% set marker = "cast('[{\"Key\":\"spot\",\"Value\":null},{\"Key\":null,\"Value\":\"x\"}]' as json)" %}
{% set object = "cast('{\"env\": \"prod\"}' as json)" %}
{% set nothing = "cast(null as json)" %}
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
        null as expected
)

select *
from cases
where coalesce(actual, 'null') <> coalesce(expected, 'null')
