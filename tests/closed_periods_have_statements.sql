-- depends_on: {{ ref('chargeback') }}
-- A month that the seed closes needs its statement: run `tally close --period YYYY-MM`. A statement whose month is not
-- in the seed, or that was made on another basis than the var chargeback_basis, contradicts what is charged.
with statements as (
    select
        billing_period,
        max(basis) as basis
    from {{ source('lake', 'closed_statements') }}
    group by billing_period
)

select
    periods.billing_period,
    'run tally close' as remedy
from {{ ref('closed_periods') }} as periods
left join statements
    on periods.billing_period = statements.billing_period
where statements.billing_period is null
union all
select
    statements.billing_period,
    'add the month to seeds/closed_periods.csv' as remedy
from statements
left join {{ ref('closed_periods') }} as periods
    on statements.billing_period = periods.billing_period
where periods.billing_period is null
union all
select
    billing_period,
    'set chargeback_basis as it was' as remedy
from statements
where basis <> '{{ chargeback_basis() }}'
