-- each source: through which day it is whole, when it last delivered, whether the ledger meets its bills
with delivered as (
    select
        provider,
        dataset,
        scope,
        max(exported_at) as exported_at,
        count(distinct delivery_id) filter (where status = 'current' or status = 'restored') as current_deliveries,
        sum(rows) filter (where status = 'current' or status = 'restored') as rows
    from deliveries
    group by all
),

met as (
    select
        provider,
        dataset,
        scope,
        cost(max(abs(coalesce(residual, 0)))) as largest_residual,
        count(*) filter (where residual_reason = 'unexplained') as unexplained,
        count(*) as slices
    from reconciliation
    group by all
),

shown as (
    select
        completeness.provider,
        completeness.dataset,
        completeness.scope,
        day_name(min(completeness.complete_through)) as complete_through,
        any_value(strftime(delivered.exported_at, '%-d %b %Y %H:%M')) as last_export,
        any_value(delivered.current_deliveries) as current_deliveries,
        any_value(delivered.rows) as rows,
        any_value(met.slices) as months_checked,
        any_value(met.largest_residual) as largest_residual,
        any_value(
            case
                when met.unexplained > 0 then 'differs' when met.slices is null then 'not checked'
                else 'meets the bill'
            end
        ) as verdict
    from completeness
    left join delivered
        on completeness.provider = delivered.provider
            and completeness.dataset = delivered.dataset
            and completeness.scope = delivered.scope
    left join met
        on completeness.provider = met.provider
            and completeness.dataset = met.dataset
            and completeness.scope = met.scope
    group by completeness.provider, completeness.dataset, completeness.scope
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
