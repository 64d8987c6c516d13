-- the best offer of each family worth buying
with shown as (
    select
        provider,
        commitment_type,
        concat_ws(', ', family, region_id) as family,
        billing_currency,
        concat_ws(', ', term_months || ' months', lower(payment_option)) as terms,
        hourly_commitment,
        cost(upfront_cost) as upfront_cost,
        cost(monthly_cost) as monthly_cost,
        cost(expected_monthly_savings) as monthly_savings,
        cost(savings_p10) as savings_p10,
        cost(savings_p90) as savings_p90,
        break_even_month,
        expected_utilization_pct / 100 as expected_utilisation,
        coverage_before_pct / 100 as coverage_before,
        coverage_after_pct / 100 as coverage_after,
        basis,
        day_name(as_of_date) as as_of_day
    from commitment_recommendations
    where is_best and hourly_commitment > 0
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
