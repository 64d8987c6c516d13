-- Names as providers and slices bear them.
with cases as (
    select
        'lower case' as case_name,
        {{ slug("'Databricks'") }} as actual,
        'databricks' as expected
    union all
    select
        'a run of other characters is one hyphen' as case_name,
        {{ slug("'Amazon Web Services, Inc'") }} as actual,
        'amazon-web-services-inc' as expected
    union all
    select
        'none at the ends' as case_name,
        {{ slug("' (Acme & Co.) '") }} as actual,
        'acme-co' as expected
    union all
    select
        'digits stay' as case_name,
        {{ slug("'Route 53'") }} as actual,
        'route-53' as expected
    union all
    select
        'a hyphen stays' as case_name,
        {{ slug("'northwind-data'") }} as actual,
        'northwind-data' as expected
    union all
    select
        'null' as case_name,
        {{ slug("cast(null as " ~ type_text() ~ ")") }} as actual,
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
