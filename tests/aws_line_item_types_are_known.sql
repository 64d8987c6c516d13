-- A line item type that the mapping does not know is kept as an adjustment; say in base_aws__charges what it is.
{{ config(severity='warn') }}

with line_items as (
    select line_item_line_item_type as line_type
    from {{ source('aws', 'cur2') }}
    union all
    select line_item_line_item_type as line_type
    from {{ source('aws', 'cur') }}
)

select
    line_type,
    count(*) as line_items
from line_items
where line_type is null
    or (
        line_type not like '%Discount'
        and line_type not in (
            'Usage', 'DiscountedUsage', 'RIFee', 'Fee', 'FlatRateSubscription', 'Tax', 'Credit', 'Refund',
            'SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee'
        )
    )
group by line_type
