{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_deliveries__slices') }}

-- The independent witness of reconciliation: totals of each delivery's own columns, per billing account and currency.
-- It also yields the one account-wide fact a mapping needs: whether an AWS payer's costs are read net of discounts.
with raw_amounts as (
    select * from {{ ref('base_aws__raw_amounts') }}
    union all
    select * from {{ ref('base_azure__raw_amounts') }}
    union all
    select * from {{ ref('base_gcp__raw_amounts') }}
    union all
    select * from {{ ref('base_focus__raw_amounts') }}
),

totals as (
    select
        provider,
        dataset,
        scope,
        billing_period,
        delivery_id,
        billing_account_id,
        billing_currency,
        cast(count(*) as {{ type_bigint() }}) as raw_rows,
        max(has_net_cost) as has_net_cost,
        max(has_billed_cost) as has_billed_cost,
        max(has_effective_cost) as has_effective_cost,
        sum({{ money('gross_billed_cost') }}) as gross_billed_cost,
        sum({{ money('net_billed_cost') }}) as net_billed_cost,
        sum({{ money('gross_effective_cost') }}) as gross_effective_cost,
        sum({{ money('net_effective_cost') }}) as net_effective_cost
    from raw_amounts
    group by provider, dataset, scope, billing_period, delivery_id, billing_account_id, billing_currency
),

-- a window, not a join with the totals: a filter on a slice passes through it to the files
payers as (
    select
        *,
        max(has_net_cost) over (
            partition by provider, dataset, scope, billing_period, delivery_id, billing_account_id
        ) as is_net
    from totals
    where billing_account_id is not null
)

select
    provider,
    dataset,
    scope,
    billing_period,
    delivery_id,
    billing_account_id,
    billing_currency,
    raw_rows,
    is_net as has_net_cost,
    case
        when has_billed_cost = 0 then null
        when is_net = 1 then net_billed_cost
        else gross_billed_cost
    end as raw_billed_cost,
    case
        when has_effective_cost = 0 then null
        when is_net = 1 then net_effective_cost
        else gross_effective_cost
    end as raw_effective_cost
from payers
