-- How many of a source's last days are still filling up, from its own deliveries. A day of some age is trusted when at
-- least nine in ten days of that age, and of every greater age, stood as later deliveries had them: one late correction
-- is no arrival. Fewer than seven judged last days are no pattern.
with ages as (
    select
        provider,
        dataset,
        scope,
        age_days,
        count(distinct last_date) as judged,
        sum(is_open) as open_days,
        count(*) as seen_days
    from {{ ref('int_sources__settling') }}
    group by provider, dataset, scope, age_days
),

judged as (
    select
        provider,
        dataset,
        scope,
        max(case when age_days = 0 then judged else 0 end) as judged_days,
        max(case when 10 * open_days > seen_days then age_days + 1 else 0 end) as lag_days
    from ages
    group by provider, dataset, scope
),

arrived as (
    select
        provider,
        dataset,
        scope,
        count(distinct delivery_id) as deliveries
    from {{ ref('int_sources__arrivals') }}
    group by provider, dataset, scope
)

select
    arrived.provider,
    arrived.dataset,
    arrived.scope,
    arrived.deliveries,
    coalesce(judged.judged_days, 0) as judged_days,
    case when judged.judged_days >= 7 then judged.lag_days end as lag_days
from arrived
left join judged
    on arrived.provider = judged.provider
        and arrived.dataset = judged.dataset
        and arrived.scope = judged.scope
