-- KPIs of splitting, tagging, budgets, anomalies, invoices and units, each as what is divided and by what.
with tagged as (
    select
        billing_period,
        provider,
        sub_account_id,
        service_name,
        resource_id,
        owner_tags,
        billing_currency,
        max(effective_cost) as effective_cost,
        min(case when verdict = 'compliant' then 1 else 0 end) as is_compliant
    from {{ ref('int_tags__judged') }}
    group by
        billing_period, provider, billing_account_id, sub_account_id, service_name, resource_id, owner_tags,
        billing_currency
),

anomalous as (
    select
        {{ month_of('charge_date') }} as billing_period,
        provider,
        billing_currency,
        sum(case when actual_cost > expected_cost then actual_cost - expected_cost else 0 end) as numerator
    from {{ ref('anomalies') }}
    where status = 'open'
    group by {{ month_of('charge_date') }}, provider, billing_currency
),

drivers as (
    select
        driver,
        billing_period,
        {{ money('sum(quantity)') }} as quantity
    from {{ ref('usage_drivers') }}
    group by driver, billing_period
),

parts as (
    select
        billing_period,
        'provider' as scope_type,
        provider,
        provider as scope_id,
        billing_currency,
        'shared_distributed_share' as kpi,
        sum(case when pool_id is not null then cost else 0 end) as numerator,
        sum(cost) as denominator
    from {{ ref('int_allocation__costs') }}
    where cost_kind = 'shared'
    group by billing_period, provider, billing_currency
    union all
    select
        billing_period,
        'provider' as scope_type,
        provider,
        provider as scope_id,
        billing_currency,
        'tag_policy_compliance' as kpi,
        sum(case when is_compliant = 1 then effective_cost else 0 end) as numerator,
        sum(effective_cost) as denominator
    from tagged
    group by billing_period, provider, billing_currency
    union all
    select
        billing_period,
        'budget' as scope_type,
        provider,
        budget_id as scope_id,
        billing_currency,
        'budget_variance' as kpi,
        actual_cost - budget_cost as numerator,
        budget_cost as denominator
    from {{ ref('budgets') }}
    union all
    select
        anomalous.billing_period,
        'provider' as scope_type,
        anomalous.provider,
        anomalous.provider as scope_id,
        anomalous.billing_currency,
        'anomaly_share' as kpi,
        anomalous.numerator,
        sum(parts.effective_cost) as denominator
    from anomalous
    inner join {{ ref('int_kpis__parts') }} as parts
        on anomalous.billing_period = parts.billing_period
            and anomalous.provider = parts.provider
            and anomalous.billing_currency = parts.billing_currency
            and parts.scope_type = 'provider'
    group by anomalous.billing_period, anomalous.provider, anomalous.billing_currency, anomalous.numerator
    union all
    select
        billing_period,
        'provider' as scope_type,
        provider,
        provider as scope_id,
        billing_currency,
        'ingested_share' as kpi,
        sum(ledger_billed_cost) as numerator,
        sum(invoiced_cost) as denominator
    from {{ ref('invoice_reconciliation') }}
    where invoiced_cost is not null
    group by billing_period, provider, billing_currency
    union all
    select
        chargeback.billing_period,
        'driver' as scope_type,
        chargeback.provider,
        drivers.driver as scope_id,
        chargeback.billing_currency,
        'unit_cost' as kpi,
        sum(chargeback.total_cost) as numerator,
        max(drivers.quantity) as denominator
    from {{ ref('chargeback') }} as chargeback
    inner join drivers
        on chargeback.billing_period = drivers.billing_period
    inner join {{ ref('usage_drivers') }} as served
        on chargeback.billing_period = served.billing_period
            and chargeback.cost_center_id = served.cost_center_id
            and drivers.driver = served.driver
    group by chargeback.billing_period, chargeback.provider, drivers.driver, chargeback.billing_currency
)

select * from parts
