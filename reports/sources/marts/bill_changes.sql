-- what the newest deliveries changed in months that were billed before, by service
with changes as (
    select
        day_text(exported_at) as delivered_on,
        day_text(billing_period) as month,
        month_name(billing_period) as month_name,
        provider,
        for_filter(service_name) as service_name,
        billing_currency,
        cost(sum(billed_change_cost)) as billed_change_cost,
        cost(sum(effective_change_cost)) as effective_change_cost,
        max(case when is_remapped then 'also our mapping' else '' end) as remark
    from restatements
    group by all
),

shown as (
    select
        *,
        dense_rank() over (partition by billing_currency order by delivered_on desc) as newness
    from changes
)

select
    1 as is_row,
    *
from shown
where newness <= 30
union all by name
select 0 as is_row
