-- The two patterns that the models use, and what does not match them.
{% set resource_type = '.*/providers/([^/]+/[^/]+)' %}
{% set last_but_one = '.*/([^/]+)/[^/]+$' %}
{% set disk = "'/subscriptions/1/providers/microsoft.compute/disks/d'" %}
{% set instance = "'//compute.googleapis.com/projects/1/zones/z/instances/42'" %}
with cases as (
    select
        'a resource type' as case_name,
        {{ regexp_capture(disk, resource_type) }} as actual,
        'microsoft.compute/disks' as expected
    union all
    select
        'the last of two providers' as case_name,
        {{ regexp_capture("'/providers/a.b/c/1/providers/d.e/f/2'", resource_type) }} as actual,
        'd.e/f' as expected
    union all
    select
        'the part before the last' as case_name,
        {{ regexp_capture(instance, last_but_one) }} as actual,
        'instances' as expected
    union all
    select
        'no match' as case_name,
        {{ regexp_capture("'no path'", last_but_one) }} as actual,
        cast(null as {{ type_text() }}) as expected
    union all
    select
        'an empty group' as case_name,
        {{ regexp_capture("'id='", 'id=([0-9]*)') }} as actual,
        cast(null as {{ type_text() }}) as expected
    union all
    select
        'null' as case_name,
        {{ regexp_capture("cast(null as " ~ type_text() ~ ")", 'id=([0-9]*)') }} as actual,
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
