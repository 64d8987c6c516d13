-- Only keys lose the prefix, wherever they stand; a value that looks like one stays.
{% set as_tags_writes = "'{\"resourceTags/user:Team\":\"web\",\"resourceTags/aws:createdBy\":\"me\"}'" %}
with cases as (
    select
        'the first and a later key' as case_name,
        {{ strip_key_prefix("'{\"user_team\":\"web\",\"user_env\":\"prod\"}'", 'user_') }} as actual,
        '{"team":"web","env":"prod"}' as expected
    union all
    select
        'a key without the prefix' as case_name,
        {{ strip_key_prefix("'{\"aws_created\":\"me\",\"user_env\":\"prod\"}'", 'user_') }} as actual,
        '{"aws_created":"me","env":"prod"}' as expected
    union all
    select
        'a prefix inside a key' as case_name,
        {{ strip_key_prefix("'{\"my_user_team\":\"web\"}'", 'user_') }} as actual,
        '{"my_user_team":"web"}' as expected
    union all
    select
        'a prefix in a value' as case_name,
        {{ strip_key_prefix("'{\"user_owner\":\"user_1\"}'", 'user_') }} as actual,
        '{"owner":"user_1"}' as expected
    union all
    select
        'a prefix with an optional part' as case_name,
        {{ strip_key_prefix(as_tags_writes, 'resourceTags/(user:)?') }} as actual,
        '{"Team":"web","aws:createdBy":"me"}' as expected
    union all
    select
        'null' as case_name,
        {{ strip_key_prefix("cast(null as " ~ type_text() ~ ")", 'user_') }} as actual,
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
