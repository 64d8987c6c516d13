-- cost that can bear tags, and how much of it bears them right, by month and key
with shown as (
    select
        day_text(billing_period) as month,
        month_name(billing_period) as month_name,
        tag_compliance.provider,
        accounts.account,
        tag_key,
        billing_currency,
        cost(sum(taggable_cost)) as taggable_cost,
        cost(sum(compliant_cost)) as compliant_cost,
        cost(sum(missing_cost)) as missing_cost,
        cost(sum(bad_value_cost)) as bad_value_cost
    from tag_compliance
    left join accounts
        on tag_compliance.provider = accounts.provider
            and tag_compliance.sub_account_id is not distinct from accounts.sub_account_id
    group by all
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
