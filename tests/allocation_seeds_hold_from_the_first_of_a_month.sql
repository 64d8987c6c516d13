-- Chargeback is by month, so a rule that began within one would have no month to hold from.
with days as (
    select
        'cost_centers' as seed,
        effective_from as day_given
    from {{ ref('cost_centers') }}
    union all
    select
        'allocation_rules' as seed,
        effective_from as day_given
    from {{ ref('allocation_rules') }}
    union all
    select
        'shared_cost_rules' as seed,
        effective_from as day_given
    from {{ ref('shared_cost_rules') }}
    union all
    select
        'commitment_policy' as seed,
        effective_from as day_given
    from {{ ref('commitment_policy') }}
    union all
    select
        'credit_and_tax_policy' as seed,
        effective_from as day_given
    from {{ ref('credit_and_tax_policy') }}
    union all
    select
        'usage_drivers' as seed,
        billing_period as day_given
    from {{ ref('usage_drivers') }}
    union all
    select
        'closed_periods' as seed,
        billing_period as day_given
    from {{ ref('closed_periods') }}
    union all
    select
        'budget_amounts' as seed,
        billing_period as day_given
    from {{ ref('budget_amounts') }}
)

select
    seed,
    day_given
from days
where day_given <> {{ month_of('day_given') }}
