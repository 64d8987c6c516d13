-- Each pattern that the models use, and what does not match it. Synapse has a form for these alone.
{% set disk = "'/subscriptions/1/providers/microsoft.compute/disks/d'" %}
{% set nested = "'/providers/a.b/c/1/providers/d.e/f/2'" %}
{% set instance = "'//compute.googleapis.com/projects/1/zones/z/instances/42'" %}
{% set labels = "'{\"k8s-namespace\":\"shop\",\"Team\":\"web\"}'" %}
{% set cases = [
    (disk, '.*/providers/([^/]+/[^/]+)', "'microsoft.compute/disks'"),
    (nested, '.*/providers/([^/]+/[^/]+)', "'d.e/f'"),
    ("'/subscriptions/1'", '.*/providers/([^/]+/[^/]+)', none),
    ("'/subscriptions/1/providers/a.b'", '.*/providers/([^/]+/[^/]+)', none),
    (disk, '/providers/([^/]+/[^/]+)', "'microsoft.compute/disks'"),
    (nested, '/providers/([^/]+/[^/]+)', "'a.b/c'"),
    ("'/providers/a.b/c'", '/providers/([^/]+/[^/]+)', "'a.b/c'"),
    ("'no path'", '/providers/([^/]+/[^/]+)', none),
    (instance, '/([^/]+)/[^/]+$', "'instances'"),
    ("'a/b'", '/([^/]+)/[^/]+$', none),
    ("'no path'", '/([^/]+)/[^/]+$', none),
    ("'/a/b/'", '/([^/]+)/[^/]+$', none),
    (instance, '/([^/]+)$', "'42'"),
    ("'a/'", '/([^/]+)$', none),
    ("'no path'", '/([^/]+)$', none),
    (labels, '"k8s-namespace":"([^"]*)"', "'shop'"),
    (labels, '"team":"([^"]*)"', none),
    ("'{\"team\":\"\"}'", '"team":"([^"]*)"', none),
    ("'{\"team\":true}'", '"team":"([^"]*)"', none),
    ("'commitment: cpu for 1 year'", '([0-9]+) *-?year', "'1'"),
    ("'reserved 3-year term'", '([0-9]+) *-?year', "'3'"),
    ("'10year'", '([0-9]+) *-?year', "'10'"),
    ("'yearly'", '([0-9]+) *-?year', none),
    ("'2 months'", '([0-9]+) *-?year', none),
    ("'3yr'", '^([0-9]+) *yr', "'3'"),
    ("'1 yr'", '^([0-9]+) *yr', "'1'"),
    ("'a 1yr'", '^([0-9]+) *yr', none),
    ("'12 months'", '^([0-9]+) *yr', none),
    ("'P36M'", '([0-9]+)', "'36'"),
    ("'3 of 5'", '([0-9]+)', "'3'"),
    ("'none'", '([0-9]+)', none),
    ("'EUR'", '^([A-Z]{3})$', "'EUR'"),
    ("'eur'", '^([A-Z]{3})$', none),
    ("'EURO'", '^([A-Z]{3})$', none),
    ('cast(null as ' ~ type_text() ~ ')', '([0-9]+)', none),
] %}
with cases as (
    {% for value, pattern, expected in cases %}
        select
            {{ text_literal(loop.index ~ ': ' ~ pattern) }} as case_name,
            {{ regexp_capture(value, pattern) }} as actual,
            {{ expected or 'cast(null as ' ~ type_text() ~ ')' }} as expected
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
