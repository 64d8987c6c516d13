-- Who said what when: the slices that each delivery of a source brought, the day of its export, and on which day
-- another delivery replaced them. What was exported in a day is one arrival: months come in exports of their own,
-- minutes apart. A rollback tells nothing of arrival, nor does a delivery landed before its days were recorded.
with brought as (
    select
        slices.provider,
        slices.dataset,
        slices.scope,
        slices.billing_period,
        slices.delivery_id,
        cast(slices.exported_at as date) as arrival_date,
        slices.exported_at,
        slices.landed_at,
        slices.export_time_from,
        slices.export_time_to,
        slices.appends,
        max(facts.charge_date) as slice_last_date
    from {{ source('lake', 'current_slices') }} as slices
    inner join {{ source('lake', 'deliveries') }} as deliveries
        on slices.delivery_id = deliveries.delivery_id
    inner join {{ source('lake', 'delivery_days') }} as facts
        on slices.delivery_id = facts.delivery_id
            and slices.provider = facts.provider
            and slices.billing_period = facts.billing_period
    where deliveries.restores is null
    group by
        slices.provider, slices.dataset, slices.scope, slices.billing_period, slices.delivery_id, slices.exported_at,
        slices.landed_at, slices.export_time_from, slices.export_time_to, slices.appends
),

-- how a source came in the last quarter, not how it came years ago
recent as (
    select
        *,
        max(slice_last_date) over (partition by provider, dataset, scope) as source_last_date,
        max(slice_last_date) over (partition by provider, dataset, scope, arrival_date) as last_date
    from brought
),

arrivals as (
    select
        *,
        dense_rank() over (
            partition by provider, dataset, scope
            order by exported_at, landed_at, delivery_id
        ) as place,
        lead(arrival_date) over (
            partition by provider, dataset, scope, billing_period
            order by exported_at, landed_at, delivery_id
        ) as next_date
    from recent
    where last_date >= {{ add_to_date('day', -100, 'source_last_date') }}
),

-- of deliveries that add up, one replaces another when its interval of export time holds the other's
covering as (
    select
        older.provider,
        older.dataset,
        older.scope,
        older.billing_period,
        older.delivery_id,
        min(
            case
                when newer.export_time_from <= older.export_time_from and newer.export_time_to >= older.export_time_to
                    then newer.arrival_date
                when (newer.export_time_from is null or older.export_time_from is null)
                    and newer.billing_period = older.billing_period
                    then newer.arrival_date
            end
        ) as replaced_on,
        max(
            case
                when newer.export_time_from <= older.export_time_from and newer.export_time_to >= older.export_time_to
                    then 0
                when newer.export_time_from < older.export_time_to and newer.export_time_to > older.export_time_from
                    then 1
                else 0
            end
        ) as is_cut
    from arrivals as older
    inner join arrivals as newer
        on older.provider = newer.provider
            and older.dataset = newer.dataset
            and older.scope = newer.scope
            and older.place < newer.place
    where older.appends = 1
    group by older.provider, older.dataset, older.scope, older.billing_period, older.delivery_id
)

select
    arrivals.provider,
    arrivals.dataset,
    arrivals.scope,
    arrivals.billing_period,
    arrivals.delivery_id,
    arrivals.arrival_date,
    case when arrivals.appends = 1 then covering.replaced_on else arrivals.next_date end as replaced_on,
    arrivals.appends,
    -- intervals that overlap in part: what a day lost to the newer one is not known
    max(coalesce(covering.is_cut, 0)) over (partition by arrivals.provider, arrivals.dataset, arrivals.scope) as is_cut,
    arrivals.last_date,
    max(arrivals.last_date) over (
        partition by arrivals.provider, arrivals.dataset, arrivals.scope
        order by arrivals.arrival_date
    ) as known_through
from arrivals
left join covering
    on arrivals.provider = covering.provider
        and arrivals.dataset = covering.dataset
        and arrivals.scope = covering.scope
        and arrivals.billing_period = covering.billing_period
        and arrivals.delivery_id = covering.delivery_id
