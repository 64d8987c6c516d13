-- The sums that KPIs are made of, month by month for each scope; a ratio is then one sum by another, never a mean of
-- ratios. Money is effective unless a name says otherwise. A charge whose price the bill does not tell is in no side.
with charges as (
    select
        billing_period,
        provider,
        sub_account_id,
        owner_id as cost_center_id,
        billing_currency,
        cost_kind,
        charge_category,
        pricing_category,
        commitment_discount_id,
        commitment_discount_status,
        effective_cost,
        case when contracted_basis = 'stated' then contracted_cost end as contracted_cost,
        case when list_basis = 'stated' then list_cost end as list_cost
    from {{ ref('int_allocation__charges') }}
    where cost_kind <> 'tax'
),

parts as (
    select
        *,
        case when charge_category = 'Usage' then 1 else 0 end as is_usage,
        case when commitment_discount_status = 'Unused' then 1 else 0 end as is_unused,
        -- usage at standing prices, with a commitment or without: spot is none
        case
            when charge_category = 'Usage' and pricing_category in ('Standard', 'Committed') then 1
            else 0
        end as is_standing
    from charges
),

scoped as (
    select
        'provider' as scope_type,
        provider as scope_id,
        parts.*
    from parts
    union all
    select
        'account' as scope_type,
        coalesce(sub_account_id, '-') as scope_id,
        parts.*
    from parts
    union all
    select
        'cost_center' as scope_type,
        cost_center_id as scope_id,
        parts.*
    from parts
)

select
    billing_period,
    scope_type,
    provider,
    scope_id,
    billing_currency,
    sum(effective_cost) as effective_cost,
    sum(case when is_usage = 1 and is_unused = 0 and contracted_cost is not null then contracted_cost end)
        as contracted_cost,
    sum(case when is_usage = 1 and (contracted_cost is not null or is_unused = 1) then effective_cost end)
        as contracted_effective_cost,
    sum(case when is_usage = 1 and is_unused = 0 and list_cost is not null then list_cost end) as list_cost,
    sum(case when is_usage = 1 and (list_cost is not null or is_unused = 1) then effective_cost end)
        as list_effective_cost,
    sum(case when is_usage = 1 and list_cost is not null and contracted_cost is not null then list_cost end)
        as negotiable_list_cost,
    sum(case when is_usage = 1 and list_cost is not null and contracted_cost is not null then contracted_cost end)
        as negotiable_contracted_cost,
    sum(case when is_usage = 1 and is_unused = 0 then effective_cost end) as usage_cost,
    sum(
        case when is_usage = 1 and is_unused = 0 and contracted_cost is null then effective_cost end
    ) as unpriced_cost,
    sum(case when is_standing = 1 and is_unused = 0 then contracted_cost end) as standing_cost,
    sum(case when is_standing = 1 and commitment_discount_status = 'Used' then contracted_cost end) as covered_cost,
    sum(case when commitment_discount_status = 'Used' then effective_cost end) as used_cost,
    sum(case when is_unused = 1 then effective_cost end) as unused_cost,
    sum(case when cost_center_id = 'unallocated' then effective_cost end) as unallocated_cost,
    sum(case when cost_center_id = 'untaggable' then effective_cost end) as untaggable_cost
from scoped
group by billing_period, scope_type, provider, scope_id, billing_currency
