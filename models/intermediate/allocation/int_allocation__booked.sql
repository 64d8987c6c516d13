-- What is booked to each center, by kind of cost, on the basis that the var chargeback_basis names.
select
    billing_period,
    provider,
    service_name,
    billing_currency,
    cost_kind,
    cost_center_id,
    spread_over,
    sum({{ chargeback_cost() }}) as cost
from {{ ref('int_allocation__charges') }}
group by billing_period, provider, service_name, billing_currency, cost_kind, cost_center_id, spread_over
