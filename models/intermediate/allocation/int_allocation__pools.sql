-- How each pool of shared cost is split in each month: the rows of its newest effective_from on or before that month.
-- `keep` ends a split, and then the center is no pool.
with months as (
    select distinct billing_period
    from {{ ref('int_charges__attributed') }}
),

terms as (
    select
        months.billing_period,
        rules.pool_id,
        max(rules.effective_from) as effective_from
    from months
    inner join {{ ref('shared_cost_rules') }} as rules
        on months.billing_period >= rules.effective_from
    group by months.billing_period, rules.pool_id
)

select
    terms.billing_period,
    rules.pool_id,
    rules.method,
    rules.receiver_id,
    rules.share,
    rules.driver
from terms
inner join {{ ref('shared_cost_rules') }} as rules
    on terms.pool_id = rules.pool_id
        and terms.effective_from = rules.effective_from
where rules.method <> 'keep'
