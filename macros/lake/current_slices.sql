{#-
    Every slice of every delivery with whether it is current. AWS, Azure and FOCUS exports hold a whole month each time,
    so the newest delivery that names a slice is its whole truth. Google appends: a delivery stays current until a newer
    one of the same table covers its whole export interval (design: deliveries of one interval add up).
    So does its FOCUS table, month by month; a FOCUS file without export times is a whole month, and so is what replaces it.
    Invoices are whole months too, whichever provider they were landed for.
-#}
{%- macro current_slices(raw) -%}
    with slices as (
        select
            slices.delivery_id,
            deliveries.provider as landed_as,
            slices.provider,
            deliveries.dataset,
            deliveries.scope,
            slices.billing_period,
            slices.rows,
            deliveries.exported_at,
            deliveries.last_exported_at,
            deliveries.landed_at,
            deliveries.export_time_from,
            deliveries.export_time_to
        from {{ raw }}.delivery_slices as slices
        inner join {{ raw }}.deliveries as deliveries
            on slices.delivery_id = deliveries.delivery_id
    ),

    newest as (
        select
            slices.*,
            case
                when dataset = 'invoices' then 0
                when landed_as = 'gcp' or (dataset = 'focus' and provider = 'gcp') then 1
                else 0
            end as appends,
            row_number() over (
                partition by provider, dataset, scope, billing_period
                order by exported_at desc, landed_at desc, delivery_id desc
            ) as recency
        from slices
    ),

    covered as (
        select distinct
            older.delivery_id,
            older.provider,
            older.billing_period
        from newest as older
        inner join newest as newer
            on older.landed_as = newer.landed_as
            and older.provider = newer.provider
            and older.dataset = newer.dataset
            and older.scope = newer.scope
            and older.delivery_id <> newer.delivery_id
            and (
                older.exported_at < newer.exported_at
                or (older.exported_at = newer.exported_at and older.landed_at < newer.landed_at)
            )
        where older.appends = 1
            and (older.dataset <> 'focus' or older.billing_period = newer.billing_period)
            and (
                (newer.export_time_from <= coalesce(older.export_time_from, older.exported_at)
                    and newer.export_time_to >= coalesce(older.export_time_to, older.exported_at))
                or (newer.export_time_from is null and older.billing_period = newer.billing_period)
                or (older.export_time_from is null and older.dataset = 'focus')
            )
    )

    select
        newest.delivery_id,
        newest.provider,
        newest.dataset,
        newest.scope,
        newest.billing_period,
        newest.rows,
        newest.exported_at,
        newest.last_exported_at,
        newest.landed_at,
        newest.export_time_from,
        newest.export_time_to,
        newest.appends,
        case
            when newest.appends = 0 and newest.recency = 1 then 1
            when newest.appends = 1 and covered.delivery_id is null then 1
            else 0
        end as is_current
    from newest
    left join covered
        on newest.delivery_id = covered.delivery_id
        and newest.provider = covered.provider
        and newest.billing_period = covered.billing_period
{%- endmacro -%}
