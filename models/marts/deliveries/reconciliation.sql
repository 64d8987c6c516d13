-- The ledger against the independent witness, per current delivery and slice. Azure's actual file is the truth of what
-- is billed and its amortized file of what is effective, so each carries that basis of the whole pair and no other.
with raw_totals as (
    select
        totals.provider,
        totals.dataset,
        totals.scope,
        totals.billing_period,
        totals.delivery_id,
        totals.billing_currency,
        sum(totals.raw_rows) as raw_rows,
        sum(totals.raw_billed_cost) as raw_billed_cost,
        sum(totals.raw_effective_cost) as raw_effective_cost
    from {{ ref('int_deliveries__raw_totals') }} as totals
    left join {{ ref('int_deliveries__shadowed') }} as shadowed
        on totals.provider = shadowed.provider
            and totals.dataset = shadowed.dataset
            and totals.scope = shadowed.scope
            and totals.billing_period = shadowed.billing_period
            and totals.billing_account_id = shadowed.billing_account_id
    where shadowed.billing_account_id is null
    group by
        totals.provider,
        totals.dataset,
        totals.scope,
        totals.billing_period,
        totals.delivery_id,
        totals.billing_currency
),

ledger_totals as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        delivery_id,
        billing_currency,
        sum(charges) as ledger_rows,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from {{ ref('int_charges__summed') }}
    group by provider, dataset, scope, billing_period, delivery_id, billing_currency
),

azure_pairs as (
    select
        scope,
        billing_period,
        billing_currency,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from ledger_totals
    where dataset in ('azure_actual', 'azure_amortized')
    group by scope, billing_period, billing_currency
),

-- Where both files of a month were landed they may differ by the hour of their runs; a file alone has no such excuse.
paired_months as (
    select
        scope,
        billing_period
    from raw_totals
    where dataset in ('azure_actual', 'azure_amortized')
    group by scope, billing_period
    having count(distinct dataset) = 2
),

compared as (
    select
        coalesce(raw_totals.provider, ledger_totals.provider) as provider,
        coalesce(raw_totals.dataset, ledger_totals.dataset) as dataset,
        coalesce(raw_totals.scope, ledger_totals.scope) as scope,
        coalesce(raw_totals.billing_period, ledger_totals.billing_period) as billing_period,
        coalesce(raw_totals.delivery_id, ledger_totals.delivery_id) as delivery_id,
        coalesce(raw_totals.billing_currency, ledger_totals.billing_currency) as billing_currency,
        coalesce(raw_totals.raw_rows, 0) as raw_rows,
        coalesce(ledger_totals.ledger_rows, 0) as ledger_rows,
        raw_totals.raw_billed_cost,
        case
            when raw_totals.raw_billed_cost is null and raw_totals.raw_rows > 0 then null
            else coalesce(azure_pairs.billed_cost, ledger_totals.billed_cost, 0)
        end as ledger_billed_cost,
        raw_totals.raw_effective_cost,
        case
            when raw_totals.raw_effective_cost is null and raw_totals.raw_rows > 0 then null
            else coalesce(azure_pairs.effective_cost, ledger_totals.effective_cost, 0)
        end as ledger_effective_cost,
        case when paired_months.scope is null then 0 else 1 end as is_azure_pair
    from raw_totals
    full outer join ledger_totals
        on raw_totals.provider = ledger_totals.provider
            and raw_totals.dataset = ledger_totals.dataset
            and raw_totals.scope = ledger_totals.scope
            and raw_totals.billing_period = ledger_totals.billing_period
            and raw_totals.delivery_id = ledger_totals.delivery_id
            and raw_totals.billing_currency = ledger_totals.billing_currency
    left join azure_pairs
        on coalesce(raw_totals.dataset, ledger_totals.dataset) in ('azure_actual', 'azure_amortized')
            and coalesce(raw_totals.scope, ledger_totals.scope) = azure_pairs.scope
            and coalesce(raw_totals.billing_period, ledger_totals.billing_period) = azure_pairs.billing_period
            and coalesce(raw_totals.billing_currency, ledger_totals.billing_currency) = azure_pairs.billing_currency
    left join paired_months
        on coalesce(raw_totals.dataset, ledger_totals.dataset) in ('azure_actual', 'azure_amortized')
            and coalesce(raw_totals.scope, ledger_totals.scope) = paired_months.scope
            and coalesce(raw_totals.billing_period, ledger_totals.billing_period) = paired_months.billing_period
),

residuals as (
    select
        *,
        ledger_billed_cost - coalesce(raw_billed_cost, 0) as residual,
        ledger_effective_cost - coalesce(raw_effective_cost, 0) as effective_residual,
        {{ larger_of('0.000001', '0.000000000001 * raw_rows') }} as tolerance
    from compared
)

select
    provider,
    dataset,
    scope,
    billing_period,
    delivery_id,
    billing_currency,
    cast(raw_rows as {{ type_bigint() }}) as raw_rows,
    cast(ledger_rows as {{ type_bigint() }}) as ledger_rows,
    {{ money('raw_billed_cost') }} as raw_billed_cost,
    {{ money('ledger_billed_cost') }} as ledger_billed_cost,
    {{ money('residual') }} as residual,
    {{ money('raw_effective_cost') }} as raw_effective_cost,
    {{ money('ledger_effective_cost') }} as ledger_effective_cost,
    {{ money('effective_residual') }} as effective_residual,
    case
        when abs(coalesce(residual, 0)) > tolerance then 'unexplained'
        when abs(coalesce(effective_residual, 0)) <= tolerance then null
        when is_azure_pair = 1 then 'run_skew'
        else 'unexplained'
    end as residual_reason
from residuals
