-- What each arrival said of its last ten days against what was said of them some ten days later: by the first arrival
-- that reaches ten days further, or the newest. Only one that brought new days is judged, and only days that were seen
-- again. Older days of the same month must have stood still in between: a delivery that restates them (a discount at
-- the month's close) tells nothing of how days fill up.
with arrivals as (
    select distinct
        provider,
        dataset,
        scope,
        arrival_date,
        last_date,
        known_through,
        is_cut
    from {{ ref('int_sources__arrivals') }}
),

pairs as (
    select
        judged.provider,
        judged.dataset,
        judged.scope,
        judged.arrival_date,
        judged.last_date,
        coalesce(
            min(
                case
                    when later.known_through >= {{ add_to_date('day', 10, 'judged.last_date') }} then later.arrival_date
                end
            ),
            max(later.arrival_date)
        ) as later_date
    from arrivals as judged
    inner join arrivals as later
        on judged.provider = later.provider
            and judged.dataset = later.dataset
            and judged.scope = later.scope
            and judged.arrival_date < later.arrival_date
    where judged.is_cut = 0
        and judged.last_date = judged.known_through
    group by judged.provider, judged.dataset, judged.scope, judged.arrival_date, judged.last_date
),

paired as (
    select
        pairs.provider,
        pairs.dataset,
        pairs.scope,
        pairs.arrival_date,
        pairs.last_date,
        slices.billing_period,
        facts.charge_date,
        facts.cost,
        facts.rows as day_rows,
        case when slices.arrival_date <= pairs.arrival_date then 1 else 0 end as is_then,
        case when slices.replaced_on <= pairs.later_date then 0 else 1 end as is_later,
        case
            when slices.appends = 1 then 1
            when slices.arrival_date > pairs.arrival_date or slices.replaced_on <= pairs.later_date then 1
            else 0
        end as is_said_again
    from pairs
    inner join {{ ref('int_sources__arrivals') }} as slices
        on pairs.provider = slices.provider
            and pairs.dataset = slices.dataset
            and pairs.scope = slices.scope
            and pairs.later_date >= slices.arrival_date
            and (slices.replaced_on is null or pairs.arrival_date < slices.replaced_on)
    inner join {{ source('lake', 'delivery_days') }} as facts
        on slices.delivery_id = facts.delivery_id
            and slices.provider = facts.provider
            and slices.billing_period = facts.billing_period
            and pairs.last_date >= facts.charge_date
            and pairs.last_date <= {{ add_to_date('day', 19, 'facts.charge_date') }}
),

compared as (
    select
        provider,
        dataset,
        scope,
        arrival_date,
        last_date,
        billing_period,
        charge_date,
        max(is_said_again) as is_said_again,
        sum(case when is_then = 1 then cost else 0 end) as cost_then,
        sum(case when is_later = 1 then cost else 0 end) as cost_later,
        sum(is_then * day_rows) as rows_then,
        sum(is_later * day_rows) as rows_later,
        sum(sum(case when is_later = 1 then abs(cost) else 0 end)) over (
            partition by provider, dataset, scope, arrival_date
        ) as cost_of_all
    from paired
    group by provider, dataset, scope, arrival_date, last_date, billing_period, charge_date
),

measured as (
    select
        *,
        {{ dbt.datediff('charge_date', 'last_date', 'day') }}
            as age_days,
        -- where usage is free of cost its rows must tell
        {{ money('case when cost_of_all = 0 then rows_then else cost_then end') }} as then_amount,
        {{ money('case when cost_of_all = 0 then rows_later else cost_later end') }} as later_amount
    from compared
),

weighed as (
    select
        *,
        avg(case when age_days < 10 then abs(later_amount) end) over (
            partition by provider, dataset, scope, arrival_date
        ) as typical_amount,
        sum(case when age_days >= 10 then abs(later_amount - then_amount) else 0 end) over (
            partition by provider, dataset, scope, arrival_date, billing_period
        ) as restated_amount,
        sum(case when age_days >= 10 then abs(later_amount) else 0 end) over (
            partition by provider, dataset, scope, arrival_date, billing_period
        ) as older_amount
    from measured
)

select
    provider,
    dataset,
    scope,
    arrival_date,
    last_date,
    charge_date,
    age_days,
    sum(then_amount) as then_amount,
    sum(later_amount) as later_amount,
    max(
        case
            when
                cast(abs(later_amount - then_amount) as {{ type_double() }})
                > 0.01 * {{ larger_of(
                    dbt.cast('abs(later_amount)', type_double()), dbt.cast('typical_amount', type_double())
                ) }}
                then 1
            else 0
        end
    ) as is_open
from weighed
where is_said_again = 1
    and age_days < 10
    and cast(restated_amount as {{ type_double() }}) <= 0.01 * cast(older_amount as {{ type_double() }})
group by provider, dataset, scope, arrival_date, last_date, charge_date, age_days
