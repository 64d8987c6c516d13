-- what the bills ought to hold and do not
with shown as (
    select
        replace(gap_kind, '_', ' ') as what,
        gaps.provider,
        dataset,
        coalesce(accounts.account, gaps.sub_account_id, gaps.billing_account_id) as account,
        billing_currency,
        day_name(missing_from) as missing_from,
        day_name(missing_through) as missing_through,
        cost(typical_daily_cost) as typical_daily_cost
    from gaps
    left join accounts on gaps.provider = accounts.provider and gaps.sub_account_id = accounts.sub_account_id
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
