-- Labels of a project, of a resource, and tags. The lists' literals stand on top: no two engines write one alike.
-- Where the order of keys is the engine's, a case has one key; a backslash is matched by a wildcard, as engines read it
-- in a literal differently.
{% set shape = "struct(key varchar, value varchar)[]" %}
{% set project_labels = "[{'key': 'team', 'value': 'web'}]" %}
{% set labels = "[{'key': 'team', 'value': 'shop'}]" %}
{% set tags = "[{'key': 'env', 'value': 'prod'}]" %}
{% set marker = "cast([{'key': 'spot', 'value': null}] as " ~ shape ~ ")" %}
{% set empty_value = "[{'key': 'team', 'value': ''}]" %}
{% set keyless = "cast([{'key': null, 'value': 'web'}] as " ~ shape ~ ")" %}
{% set separators = "[{'key': 'note', 'value': '{a},b:c'}]" %}
{% set quoted = "[{'key': 'note', 'value': 'say \"hi\"'}]" %}
{% set no_labels = "cast([] as " ~ shape ~ ")" %}
{% set absent = "cast(null as " ~ shape ~ ")" %}
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
        {{ key_values_as_json([project_labels, tags]) }} as actual,
        '{"team":"web","env":"prod"}' as expected
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
        case
            when {{ key_values_as_json([quoted]) }} like '{"note":"say _"hi_""}' then 'escaped'
            else 'not escaped'
        end as actual,
        'escaped' as expected
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
