with ledger as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        charge_category,
        service_name,
        billing_currency,
        billed_cost,
        effective_cost,
        charges,
        list_rated_charges,
        contracted_rated_charges,
        case when list_basis is not null then 1 else 0 end as is_priced,
        case when list_basis = 'stated' then 1 else 0 end as has_list_cost,
        case when contracted_basis = 'stated' then 1 else 0 end as has_contracted_cost
    from {{ ref('int_charges__summed') }}
),

-- A sum over no row is null: where nothing has a price of its own, nothing is said of its coverage.
summed as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        charge_category,
        service_name,
        billing_currency,
        sum(charges) as charges,
        sum(is_priced * charges) as priced_charges,
        sum(case when is_priced = 1 then has_list_cost * charges end) as list_cost_charges,
        sum(case when is_priced = 1 then has_list_cost * list_rated_charges end) as list_unit_price_charges,
        sum(case when is_priced = 1 then has_contracted_cost * charges end) as contracted_cost_charges,
        sum(
            case when is_priced = 1 then has_contracted_cost * contracted_rated_charges end
        ) as contracted_unit_price_charges,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost,
        sum(case when is_priced = 1 then billed_cost end) as priced_billed_cost,
        sum(case when is_priced = 1 then effective_cost end) as priced_effective_cost,
        sum(
            case when has_list_cost = 1 then billed_cost when is_priced = 1 then 0 end
        ) as list_covered_billed_cost,
        sum(
            case when has_list_cost = 1 then effective_cost when is_priced = 1 then 0 end
        ) as list_covered_effective_cost,
        sum(
            case when has_contracted_cost = 1 then billed_cost when is_priced = 1 then 0 end
        ) as contracted_covered_billed_cost,
        sum(
            case when has_contracted_cost = 1 then effective_cost when is_priced = 1 then 0 end
        ) as contracted_covered_effective_cost
    from ledger
    group by provider, dataset, scope, billing_period, charge_category, service_name, billing_currency
)

select
    -- of what
    provider,
    dataset,
    scope,
    billing_period,
    charge_category,
    service_name,
    billing_currency,

    -- how many charges
    cast(charges as {{ type_bigint() }}) as charges,
    cast(priced_charges as {{ type_bigint() }}) as priced_charges,
    cast(list_cost_charges as {{ type_bigint() }}) as list_cost_charges,
    cast(list_unit_price_charges as {{ type_bigint() }}) as list_unit_price_charges,
    cast(contracted_cost_charges as {{ type_bigint() }}) as contracted_cost_charges,
    cast(contracted_unit_price_charges as {{ type_bigint() }}) as contracted_unit_price_charges,

    -- how much of the cost
    {{ money('billed_cost') }} as billed_cost,
    {{ money('effective_cost') }} as effective_cost,
    {{ money('priced_billed_cost') }} as priced_billed_cost,
    {{ money('priced_effective_cost') }} as priced_effective_cost,
    {{ money('list_covered_billed_cost') }} as list_covered_billed_cost,
    {{ money('list_covered_effective_cost') }} as list_covered_effective_cost,
    {{ money('contracted_covered_billed_cost') }} as contracted_covered_billed_cost,
    {{ money('contracted_covered_effective_cost') }} as contracted_covered_effective_cost,
    {{ covered_pct('list_covered_billed_cost', 'priced_billed_cost') }} as list_covered_billed_pct,
    {{ covered_pct('list_covered_effective_cost', 'priced_effective_cost') }} as list_covered_effective_pct,
    {{ covered_pct('contracted_covered_billed_cost', 'priced_billed_cost') }} as contracted_covered_billed_pct,
    {{ covered_pct('contracted_covered_effective_cost', 'priced_effective_cost') }} as contracted_covered_effective_pct
from summed
