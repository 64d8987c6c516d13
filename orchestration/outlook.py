"""What `tally status` asks of days to look at and of days to come.

Here: the queries over marts.anomalies, the forecasts and what to commit to. Not here: how they are shown
(summary.py).
"""

# Monday to Sunday, the latest week that is complete; an incident is one line, told by its largest series.
ANOMALIES = """
    with week as (
        select cast(date_trunc('week', max(charge_date) + interval 1 day) as date) as next_monday
        from {marts}.cost_series where is_complete
    )
    select min(charge_date) as since, provider,
        arg_max(coalesce(sub_account_id, billing_account_id), abs(impact_cost)) as account,
        arg_max(coalesce(service_name, ''), abs(impact_cost)) as service_name,
        count(distinct series_id) as series, billing_currency as currency,
        sum(actual_cost) as actual_cost, sum(expected_cost) as expected_cost, sum(impact_cost) as impact_cost,
        case when bool_or(severity = 'high') then 'high' when bool_or(severity = 'medium') then 'medium'
            else 'low' end as severity
    from {marts}.anomalies, week
    where status = 'open' and charge_date >= next_monday - 7 and charge_date < next_monday
    group by event_id, provider, billing_currency
    order by abs(sum(impact_cost)) desc, event_id limit 8
"""
MONTH_END = """
    select provider, billing_currency as currency, strftime(charge_month, '%Y-%m') as month,
        strftime(as_of_date, '%Y-%m-%d') as through, actual_cost as so_far_cost,
        forecast_cost, lower_80, upper_80
    from {marts}.forecast_totals where level = 'provider'
    qualify charge_month = min(charge_month) over (partition by series_id)
    order by provider, billing_currency
"""
NOTES = "select note from {marts}.forecast_notes order by note"
# The largest savings: what can be bought today, the best offer of each family.
PURCHASES = """
    select provider, commitment_type, family, term_months as months, billing_currency as currency,
        cast(hourly_commitment as decimal(18, 3)) as hourly_commitment, monthly_cost,
        expected_monthly_savings, savings_p10, savings_p90
    from {marts}.commitment_recommendations where is_best
    order by expected_monthly_savings desc, provider, family limit 5
"""
EXPIRIES = """
    select alert, provider, coalesce(commitment_discount_name, commitment_discount_id) as commitment, family,
        billing_currency as currency, severity, at_stake_cost as month_cost, utilization_pct,
        strftime(ends_at, '%Y-%m-%d') as ends
    from {marts}.commitment_alerts order by at_stake_cost desc, commitment limit 5
"""
