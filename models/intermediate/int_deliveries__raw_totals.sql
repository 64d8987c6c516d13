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
        count(*) as raw_rows,
        max(has_net_cost) as has_net_cost,
        max(has_billed_cost) as has_billed_cost,
        max(has_effective_cost) as has_effective_cost,
        sum(cast(gross_billed_cost as decimal(38, 12))) as gross_billed_cost,
        sum(cast(net_billed_cost as decimal(38, 12))) as net_billed_cost,
        sum(cast(gross_effective_cost as decimal(38, 12))) as gross_effective_cost,
        sum(cast(net_effective_cost as decimal(38, 12))) as net_effective_cost
    from raw_amounts
    group by provider, dataset, scope, billing_period, delivery_id, billing_account_id, billing_currency
),

payers as (
    select
        delivery_id,
        billing_period,
        billing_account_id,
        max(has_net_cost) as has_net_cost
    from totals
    group by delivery_id, billing_period, billing_account_id
)

select
    totals.provider,
    totals.dataset,
    totals.scope,
    totals.billing_period,
    totals.delivery_id,
    totals.billing_account_id,
    totals.billing_currency,
    totals.raw_rows,
    payers.has_net_cost,
    case
        when totals.has_billed_cost = 0 then null
        when payers.has_net_cost = 1 then totals.net_billed_cost
        else totals.gross_billed_cost
    end as raw_billed_cost,
    case
        when totals.has_effective_cost = 0 then null
        when payers.has_net_cost = 1 then totals.net_effective_cost
        else totals.gross_effective_cost
    end as raw_effective_cost
from totals
inner join payers
    on totals.delivery_id = payers.delivery_id
        and totals.billing_period = payers.billing_period
        and totals.billing_account_id = payers.billing_account_id
