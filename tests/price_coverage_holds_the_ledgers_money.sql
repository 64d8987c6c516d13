-- Money in = money out, and no part is larger than its whole: what is stated and what is assumed are what has a price.
with parts as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        billing_currency,
        charges,
        billed_cost,
        effective_cost,
        list_covered_effective_cost as list_covered_cost,
        contracted_covered_effective_cost as contracted_covered_cost,
        priced_effective_cost as priced_cost
    from {{ ref('price_coverage') }}
    union all
    select
        provider,
        dataset,
        scope,
        billing_period,
        billing_currency,
        -1 as charges,
        -billed_cost as billed_cost,
        -effective_cost as effective_cost,
        case when list_basis = 'stated' then -effective_cost end as list_covered_cost,
        case when contracted_basis = 'stated' then -effective_cost end as contracted_covered_cost,
        case when list_basis in ('stated', 'assumed') then -effective_cost end as priced_cost
    from {{ ref('cost_and_usage') }}
),

wrong_totals as (
    select
        'a total is not that of the ledger' as problem,
        provider,
        dataset,
        scope,
        billing_period
    from parts
    group by provider, dataset, scope, billing_period, billing_currency
    having sum(charges) <> 0
        or sum(billed_cost) <> 0
        or sum(effective_cost) <> 0
        or coalesce(sum(list_covered_cost), 0) <> 0
        or coalesce(sum(contracted_covered_cost), 0) <> 0
        or coalesce(sum(priced_cost), 0) <> 0
),

wrong_rows as (
    select
        'a part is larger than its whole, or known of nothing' as problem,
        provider,
        dataset,
        scope,
        billing_period
    from {{ ref('price_coverage') }}
    where priced_charges > charges
        or list_cost_charges > priced_charges
        or list_unit_price_charges > list_cost_charges
        or contracted_cost_charges > priced_charges
        or contracted_unit_price_charges > contracted_cost_charges
        or (priced_charges = 0 and coalesce(list_cost_charges, contracted_cost_charges) is not null)
        or (priced_charges > 0 and (list_cost_charges is null or contracted_cost_charges is null))
)

select * from wrong_totals
union all
select * from wrong_rows
