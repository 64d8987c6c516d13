-- what buying at past months' ends would have saved, of what hindsight would have
with totals as (
    select
        provider,
        billing_currency,
        strategy,
        sum(saving_cost) as saving_cost
    from commitment_backtest
    group by provider, billing_currency, strategy
),

shown as (
    select
        totals.provider,
        totals.billing_currency,
        replace(totals.strategy, '_', ' ') as strategy,
        cost(totals.saving_cost) as saving_cost,
        cost(best.saving_cost) as hindsight_cost
    from totals
    inner join totals as best
        on totals.provider = best.provider
            and totals.billing_currency = best.billing_currency
            and best.strategy = 'hindsight'
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
