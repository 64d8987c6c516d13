-- Fixed shares of a pool are the whole of it.
select
    pool_id,
    effective_from,
    sum(share) as added_shares
from {{ ref('shared_cost_rules') }}
where method = 'fixed'
group by pool_id, effective_from
having abs(sum(share) - 1) > 0.000000001
