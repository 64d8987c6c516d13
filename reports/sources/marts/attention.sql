-- what wants a look, the most urgent kind first: one line each with where to read on
with unusual as (
    select
        anomalies.billing_currency,
        anomalies.provider,
        count(distinct anomalies.event_id) as events,
        cost(sum(anomalies.impact_cost)) as amount
    from anomalies
    inner join calendar on anomalies.billing_currency = calendar.billing_currency
    where anomalies.status = 'open'
        and anomalies.severity in ('high', 'medium')
        and anomalies.level = 'service'
        and anomalies.charge_date > calendar.through_date - 30
    group by anomalies.billing_currency, anomalies.provider
),

used_up as (
    select
        budgets.billing_currency,
        coalesce(budgets.provider, 'all') as provider,
        'Budget ' || budgets.budget_id || case budgets.status
            when 'breached' then ' is used up'
            else ' will be used up on ' || coalesce(day_name(budgets.breach_date), 'some day')
        end as what,
        cost(budgets.expected_cost - budgets.budget_cost) as amount
    from budgets
    inner join calendar on budgets.billing_currency = calendar.billing_currency
    where budgets.status in ('breached', 'breach_expected') and budgets.billing_period = calendar.running_month
),

watched as (
    select
        billing_currency,
        provider,
        count(*) || ' commitment' || case when count(*) > 1 then 's' else '' end
        || case alert when 'expiry' then ' end soon' else ' little used' end as what,
        cost(sum(at_stake_cost)) as amount
    from commitment_alerts
    group by billing_currency, provider, alert
),

differing as (
    select
        billing_currency,
        provider,
        'The ledger differs from the bill of ' || month_name(billing_period) as what,
        cost(residual) as amount
    from reconciliation
    where residual_reason = 'unexplained'
),

found as (
    select
        *,
        '/data-health' as link,
        0 as place
    from differing
    union all by name
    select
        billing_currency,
        provider,
        events || ' unusual cost' || case when events > 1 then 's' else '' end
        || ' of high or medium severity in the last 30 days' as what,
        amount,
        '/anomalies' as link,
        1 as place
    from unusual
    union all by name
    select
        *,
        '/budgets' as link,
        2 as place
    from used_up
    union all by name
    select
        *,
        '/commitments' as link,
        3 as place
    from watched
)

select
    1 as is_row,
    *
from found
union all by name
select 0 as is_row
