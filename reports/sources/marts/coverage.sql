-- commitments by whole month: what could be covered, what was, what was paid for and not used
with shown as (
    select
        day_text(coverage.period_start) as month,
        month_name(coverage.period_start) as month_name,
        coverage.provider,
        coverage.commitment_type,
        coverage.billing_currency,
        cost(sum(coverage.eligible_cost)) as eligible_cost,
        cost(sum(coverage.committed_cost)) as committed_cost,
        cost(sum(coverage.used_cost)) as used_cost,
        cost(sum(coverage.unused_cost)) as unused_cost,
        cost(sum(coverage.effective_cost)) as effective_cost
    from commitment_coverage as coverage
    inner join calendar on coverage.billing_currency = calendar.billing_currency
    where coverage.period_grain = 'month'
        and (
            coverage.period_start < calendar.running_month
            or (calendar.is_whole and coverage.period_start = calendar.running_month)
        )
        and coverage.period_start >= calendar.running_month - interval 13 month
    group by all
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
