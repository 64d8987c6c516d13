-- The line items of both reports in the one shape that AWS rows have before they are mapped to FOCUS.
select * from {{ ref('base_aws__cur2') }}
union all
select * from {{ ref('base_aws__cur') }}
