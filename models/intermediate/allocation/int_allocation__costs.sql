-- What each center bears, of which kind and out of which pool. A split is computed in double and rounded to the
-- ledger's twelve places; what the shares then lack of the whole goes to the largest, so the sum is exact.
with booked as (
    select * from {{ ref('int_allocation__booked') }}
),

split as (
    select
        booked.billing_period,
        booked.provider,
        booked.service_name,
        booked.billing_currency,
        booked.cost_kind,
        booked.cost_center_id as pool_id,
        booked.cost,
        weights.receiver_id,
        {{ money('cast(booked.cost as ' ~ type_double() ~ ') * weights.weight') }} as share_cost,
        row_number() over (
            partition by
                booked.billing_period, booked.provider, booked.service_name, booked.billing_currency, booked.cost_kind,
                booked.cost_center_id
            order by weights.weight desc, weights.receiver_id asc
        ) as place
    from booked
    inner join {{ ref('int_allocation__weights') }} as weights
        on booked.billing_period = weights.billing_period
            and booked.provider = weights.provider
            and booked.billing_currency = weights.billing_currency
            and booked.spread_over = weights.pool_id
),

rounded as (
    select
        *,
        sum(share_cost) over (
            partition by billing_period, provider, service_name, billing_currency, cost_kind, pool_id
        ) as shares_cost
    from split
),

splits as (
    select distinct
        billing_period,
        provider,
        billing_currency,
        pool_id
    from {{ ref('int_allocation__weights') }}
),

kept as (
    select booked.*
    from booked
    left join splits
        on booked.billing_period = splits.billing_period
            and booked.provider = splits.provider
            and booked.billing_currency = splits.billing_currency
            and booked.spread_over = splits.pool_id
    where splits.pool_id is null
),

costs as (
    select
        billing_period,
        receiver_id as cost_center_id,
        provider,
        service_name,
        billing_currency,
        cost_kind,
        pool_id,
        case when place = 1 then share_cost + (cost - shares_cost) else share_cost end as cost
    from rounded
    union all
    select
        billing_period,
        cost_center_id,
        provider,
        service_name,
        billing_currency,
        cost_kind,
        cast(null as {{ type_text() }}) as pool_id,
        {{ money('cost') }} as cost
    from kept
)

select
    billing_period,
    cost_center_id,
    provider,
    service_name,
    billing_currency,
    cost_kind,
    pool_id,
    {{ money('cost') }} as cost
from costs
