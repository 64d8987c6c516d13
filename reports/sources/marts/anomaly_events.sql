-- incidents: all flagged days and series of an event together, told by the dearest of them
with shown as (
    select
        event_id,
        billing_currency,
        anomalies.provider,
        case when count(distinct accounts.account) = 1 then min(accounts.account)
            else count(distinct accounts.account) || ' accounts'
        end as account,
        case when count(distinct service_name) = 1 then min(service_name)
            else count(distinct service_name) || ' services'
        end as service,
        day_text(min(charge_date)) as first_day,
        day_text(max(charge_date)) as last_day,
        day_text(date_trunc('month', min(charge_date))) as month,
        month_name(min(charge_date)) as month_name,
        count(distinct charge_date) as days,
        cost(sum(expected_cost)) as expected_cost,
        cost(sum(actual_cost)) as actual_cost,
        cost(sum(impact_cost)) as impact_cost,
        case min(case severity when 'high' then 1 when 'medium' then 2 else 3 end)
            when 1 then 'high' when 2 then 'medium' else 'low'
        end as severity,
        max(status) as status,
        arg_max(explanation, abs(impact_cost)) as explanation,
        arg_max(contributors, abs(impact_cost)) as contributors
    from anomalies
    left join accounts
        on anomalies.provider = accounts.provider
            and anomalies.sub_account_id is not distinct from accounts.sub_account_id
    where anomalies.level = 'service'
    group by event_id, billing_currency, anomalies.provider
),

named as (
    select
        shown.* exclude (contributors),
        -- of accounts, regions and SKUs the one that most of it is in
        (
            select string_agg(largest.said, ', ' order by largest.impact desc)
            from (
                select
                    case part ->> 'dimension' when 'region_id' then '' when 'sku_id' then 'SKU ' else 'account ' end
                    || arg_max(part ->> 'value', abs(cast(part ->> 'impact' as double))) as said,
                    max(abs(cast(part ->> 'impact' as double))) as impact
                from unnest(cast(json(contributors) as json[])) as parts (part)
                where part ->> 'value' <> '-'
                group by part ->> 'dimension'
            ) as largest
        ) as contributors
    from shown
)

select
    1 as is_row,
    *
from named
union all by name
select 0 as is_row
