-- what wants a look, newest first: one line each with where to read on
with found as (
    select
        anomalies.billing_currency,
        anomalies.provider,
        count(distinct event_id) || ' unusual cost' || case when count(distinct event_id) > 1 then 's' else '' end
            || ' of high or medium severity in the last 30 days' as what,
        cost(sum(impact_cost)) as amount,
        '/anomalies' as link,
        1 as place
    from anomalies
    inner join calendar using (billing_currency)
    where status = 'open' and severity in ('high', 'medium') and level = 'service' and charge_date > through_date - 30
    group by all
    union all
    select
        budgets.billing_currency,
        coalesce(budgets.provider, 'all'),
        'Budget ' || budget_id || case status when 'breached' then ' is used up' else ' will be used up on ' || coalesce(day_name(breach_date), 'some day') end,
        cost(expected_cost - budget_cost),
        '/budgets',
        2
    from budgets
    inner join calendar using (billing_currency)
    where status in ('breached', 'breach_expected') and billing_period = running_month
    union all
    select
        billing_currency,
        provider,
        count(*) || ' commitment' || case when count(*) > 1 then 's' else '' end
            || case alert when 'expiry' then ' end soon' else ' little used' end,
        cost(sum(at_stake_cost)),
        '/commitments',
        3
    from commitment_alerts
    group by billing_currency, provider, alert
    union all
    select
        billing_currency,
        provider,
        'The ledger differs from the bill of ' || month_name(billing_period),
        cost(residual),
        '/data-health',
        0
    from reconciliation
    where residual_reason = 'unexplained'
)

select 1 as is_row, * from found
union all by name
select 0 as is_row
