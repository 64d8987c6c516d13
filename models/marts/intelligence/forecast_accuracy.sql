select
    -- keys
    model,
    level,
    billing_currency,
    cast(horizon_from as {{ type_integer() }}) as horizon_from,
    cast(horizon_to as {{ type_integer() }}) as horizon_to,

    -- measures
    cast(wape as {{ type_double() }}) as wape,
    cast(bias as {{ type_double() }}) as bias,
    cast(coverage_80 as {{ type_double() }}) as coverage_80,
    cast(coverage_95 as {{ type_double() }}) as coverage_95,
    cast(width_80 as {{ type_double() }}) as width_80,
    cast(origins as {{ type_integer() }}) as origins,
    cast(series as {{ type_integer() }}) as series,
    cast(days as {{ type_bigint() }}) as days,
    as_of_date
from {{ ref('int_forecasts__computed') }}
where part = 'accuracy'
