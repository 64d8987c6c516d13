with ledger as (
    select
        charge_date,
        provider,
        dataset,
        scope,
        billing_account_id,
        sub_account_id,
        service_name,
        service_category,
        region_id,
        charge_category,
        billing_currency,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost,
        sum(contracted_cost) as contracted_cost,
        sum(list_cost) as list_cost
    from {{ ref('int_charges__summed') }}
    group by
        charge_date, provider, dataset, scope, billing_account_id, sub_account_id, service_name,
        service_category, region_id, charge_category, billing_currency
)

-- A day is complete when every source that has costs on it is: Azure's pair gives one row a day, not two.
select
    ledger.charge_date,
    ledger.provider,
    ledger.billing_account_id,
    ledger.sub_account_id,
    ledger.service_name,
    ledger.service_category,
    ledger.region_id,
    ledger.charge_category,
    ledger.billing_currency,
    {{ money('sum(ledger.billed_cost)') }} as billed_cost,
    {{ money('sum(ledger.effective_cost)') }} as effective_cost,
    {{ money('sum(ledger.contracted_cost)') }} as contracted_cost,
    {{ money('sum(ledger.list_cost)') }} as list_cost,
    cast(
        min(case when ledger.charge_date <= completeness.complete_through then 1 else 0 end) as {{ type_boolean() }}
    ) as is_complete
from ledger
left join {{ ref('completeness') }} as completeness
    on ledger.provider = completeness.provider
        and ledger.dataset = completeness.dataset
        and ledger.scope = completeness.scope
        and ledger.billing_account_id = completeness.billing_account_id
group by
    ledger.charge_date, ledger.provider, ledger.billing_account_id, ledger.sub_account_id, ledger.service_name,
    ledger.service_category, ledger.region_id, ledger.charge_category, ledger.billing_currency
