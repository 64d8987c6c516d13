-- What each budget's scope has cost in its month, and through which day that is whole. Costs are effective and without
-- tax, as forecasts are; a cost center's are those after shared cost is split, with those of all centers below it.
with budgets as (
    select
        budget_id,
        billing_period,
        provider,
        sub_account_id,
        service_name,
        cost_center_id,
        billing_currency,
        budget_cost,
        {{ add_to_date('day', -1, add_to_date('month', 1, 'billing_period')) }} as last_date
    from {{ ref('budget_amounts') }}
),

costs as (
    select
        {{ month_of('charge_date') }} as billing_period,
        provider,
        sub_account_id,
        service_name,
        cast(null as {{ type_text() }}) as cost_center_id,
        billing_currency,
        charge_date,
        effective_cost
    from {{ ref('daily_cost') }}
    where coalesce(charge_category, '') <> 'Tax'
    union all
    select
        ancestors.billing_period,
        chargeback.provider,
        cast(null as {{ type_text() }}) as sub_account_id,
        chargeback.service_name,
        ancestors.ancestor_id as cost_center_id,
        chargeback.billing_currency,
        cast(null as date) as charge_date,
        chargeback.total_cost - chargeback.tax_cost as effective_cost
    from {{ ref('int_cost_centers__ancestors') }} as ancestors
    inner join {{ ref('chargeback') }} as chargeback
        on ancestors.billing_period = chargeback.billing_period
            and ancestors.cost_center_id = chargeback.cost_center_id
),

sources as (
    select
        provider,
        max(complete_through) as complete_through
    from {{ ref('completeness') }}
    group by provider
    union all
    select
        '*' as provider,
        max(complete_through) as complete_through
    from {{ ref('completeness') }}
),

seen as (
    select
        budgets.budget_id,
        budgets.billing_period,
        sources.complete_through
    from budgets
    left join sources
        on coalesce(budgets.provider, '*') = sources.provider
)

select
    budgets.budget_id,
    budgets.billing_period,
    budgets.provider,
    budgets.sub_account_id,
    budgets.service_name,
    budgets.cost_center_id,
    budgets.billing_currency,
    budgets.last_date,
    case when seen.complete_through > budgets.last_date then budgets.last_date else seen.complete_through end
        as through_date,
    max(budgets.budget_cost) as budget_cost,
    coalesce(sum(costs.effective_cost), 0) as actual_cost,
    coalesce(
        sum(
            case
                when costs.charge_date <= seen.complete_through or costs.charge_date is null then costs.effective_cost
            end
        ),
        0
    ) as complete_cost
from budgets
inner join seen
    on budgets.budget_id = seen.budget_id
        and budgets.billing_period = seen.billing_period
left join costs
    on budgets.billing_period = costs.billing_period
        and budgets.billing_currency = costs.billing_currency
        and (budgets.provider is null or budgets.provider = costs.provider)
        and (budgets.sub_account_id is null or budgets.sub_account_id = costs.sub_account_id)
        and (budgets.service_name is null or budgets.service_name = costs.service_name)
        and coalesce(budgets.cost_center_id, '') = coalesce(costs.cost_center_id, '')
group by
    budgets.budget_id, budgets.billing_period, budgets.provider, budgets.sub_account_id, budgets.service_name,
    budgets.cost_center_id, budgets.billing_currency, budgets.last_date, seen.complete_through
