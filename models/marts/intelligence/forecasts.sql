select
    -- keys
    series_id,
    level,
    provider,
    billing_account_id,
    sub_account_id,
    service_name,
    billing_currency,
    forecast_date,

    -- measures
    {{ money('forecast_cost') }} as forecast_cost,
    {{ money('lower_80') }} as lower_80,
    {{ money('upper_80') }} as upper_80,
    {{ money('lower_95') }} as lower_95,
    {{ money('upper_95') }} as upper_95,
    model,
    as_of_date
from {{ ref('int_forecasts__computed') }}
where part = 'day'
