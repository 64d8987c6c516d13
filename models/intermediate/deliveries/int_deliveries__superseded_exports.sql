-- Google's export is append only: inside its own interval of export_time a newer delivery replaces what older ones
-- hold; outside it they add up. A delivery without export times replaces the periods it names. A FOCUS file, which may
-- hold chosen months alone, replaces only inside the months that it names.
with deliveries as (
    select
        slices.delivery_id,
        slices.dataset,
        slices.scope,
        slices.billing_period,
        slices.exported_at,
        slices.landed_at,
        slices.export_time_from,
        slices.export_time_to
    from {{ source('lake', 'current_slices') }} as slices
    where slices.provider = 'gcp'
        and slices.dataset <> 'invoices'
)

select distinct
    older.delivery_id,
    older.billing_period,
    newer.delivery_id as superseded_by,
    coalesce(newer.export_time_from, cast('1970-01-01' as {{ type_timestamp() }})) as export_time_from,
    coalesce(newer.export_time_to, cast('9999-01-01' as {{ type_timestamp() }})) as export_time_to
from deliveries as older
inner join deliveries as newer
    on older.dataset = newer.dataset
        and older.scope = newer.scope
        and older.delivery_id <> newer.delivery_id
        and (
            older.exported_at < newer.exported_at
            or (older.exported_at = newer.exported_at and older.landed_at < newer.landed_at)
        )
where ((newer.export_time_from is not null and older.dataset <> 'focus') or older.billing_period = newer.billing_period)
    -- intervals that do not meet replace nothing, and must not change the stamp of the older one's slices
    and coalesce(newer.export_time_from, cast('1970-01-01' as {{ type_timestamp() }}))
    <= coalesce(older.export_time_to, cast('9999-01-01' as {{ type_timestamp() }}))
    and coalesce(newer.export_time_to, cast('9999-01-01' as {{ type_timestamp() }}))
    >= coalesce(older.export_time_from, cast('1970-01-01' as {{ type_timestamp() }}))
