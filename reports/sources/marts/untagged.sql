-- the dearest resources without a right tag, of the newest two months
with shown as (
    select
        day_text(billing_period) as month,
        month_name(billing_period) as month_name,
        tag_key,
        billing_currency,
        place,
        tag_offenders.provider,
        accounts.account,
        service_name,
        coalesce(resource_id, 'no resource named') as resource_id,
        case verdict when 'missing' then 'missing' else 'not allowed: ' || coalesce(given_value, '') end as fault,
        cost(effective_cost) as effective_cost
    from tag_offenders
    left join accounts
        on tag_offenders.provider = accounts.provider
            and tag_offenders.sub_account_id is not distinct from accounts.sub_account_id
    where billing_period >= (select max(newest.billing_period) from tag_offenders as newest) - interval 1 month
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
