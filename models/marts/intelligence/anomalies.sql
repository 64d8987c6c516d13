with feedback as (
    select
        event_id,
        status
    from {{ ref('anomaly_feedback') }}
)

-- What people said of an event holds for all its days; what the data took back, no one need judge.
select
    -- keys
    detected.series_id,
    detected.level,
    detected.provider,
    detected.billing_account_id,
    detected.sub_account_id,
    detected.service_name,
    detected.billing_currency,
    detected.charge_date,
    detected.event_id,

    -- what is unusual
    detected.direction,
    cast(detected.is_leak as {{ type_boolean() }}) as is_leak,
    {{ money('detected.expected_cost') }} as expected_cost,
    {{ money('detected.actual_cost') }} as actual_cost,
    {{ money('detected.impact_cost') }} as impact_cost,
    cast(detected.score as {{ type_double() }}) as score,
    detected.severity,
    case when detected.status = 'open' then coalesce(feedback.status, 'open') else detected.status end as status,

    -- who says so, and why
    detected.methods,
    detected.methods_run,
    detected.contributors,
    detected.explanation,
    detected.as_of_date
from {{ ref('int_anomalies__detected') }} as detected
left join feedback
    on detected.event_id = feedback.event_id
