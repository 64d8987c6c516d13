-- A product as CUR 2.0 writes it.
with maps as (
    select
        {{ map_literal({'product_name': 'Amazon EC2', 'memory': ''}) }} as product,
        {{ map_literal(none) }} as no_product
),

cases as (
    select
        'a key that is there' as case_name,
        {{ map_value('product', 'product_name') }} as actual,
        'Amazon EC2' as expected
    from maps
    union all
    select
        'a key that is not' as case_name,
        {{ map_value('product', 'region') }} as actual,
        cast(null as {{ type_text() }}) as expected
    from maps
    union all
    select
        'keys are told apart by case' as case_name,
        {{ map_value('product', 'Product_Name') }} as actual,
        cast(null as {{ type_text() }}) as expected
    from maps
    union all
    select
        'an empty value' as case_name,
        {{ map_value('product', 'memory') }} as actual,
        '' as expected
    from maps
    union all
    select
        'a null map' as case_name,
        {{ map_value('no_product', 'product_name') }} as actual,
        cast(null as {{ type_text() }}) as expected
    from maps
)

select
    case_name,
    actual,
    expected
from cases
where actual <> expected
    or (actual is null and expected is not null)
    or (actual is not null and expected is null)
