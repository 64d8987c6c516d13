-- how far such forecasts were off, made as of earlier days
with shown as (
    select
        billing_currency,
        level,
        model,
        horizon_from,
        horizon_to,
        horizon_from || ' to ' || horizon_to as days_ahead,
        wape,
        bias,
        coverage_80,
        origins,
        case when model = first_value(model) over (
                    partition by billing_currency, level order by (coverage_80 is null)::int, model
                )
                then 1
            else 0
        end as is_shown
    from forecast_accuracy
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
