-- The ledger's money with its kind, and the center that it is booked to before pools are split: what a policy has a
-- payer bear is booked to the payer, and spread_over names what is split on, a pool or, by a policy, `*` for all.
with pools as (
    select distinct
        billing_period,
        pool_id
    from {{ ref('int_allocation__pools') }}
),

owned as (
    select
        charges.*,
        owners.combination_id,
        owners.rule_id,
        owners.matching_rules,
        owners.owner_tags,
        owners.is_taggable,
        owners.cost_center_id as owner_id,
        {{ cost_kind('charges', 'pools') }} as cost_kind
    from {{ ref('int_charges__attributed') }} as charges
    inner join {{ ref('int_allocation__owners') }} as owners
        on charges.billing_period = owners.billing_period
            and {{ same_attributes('charges', 'owners') }}
    left join pools
        on charges.billing_period = pools.billing_period
            and owners.cost_center_id = pools.pool_id
),

booked as (
    select
        owned.*,
        policies.policy,
        case when policies.policy = 'payer' then policies.payer_id else owned.owner_id end as cost_center_id
    from owned
    left join {{ ref('int_allocation__policies') }} as policies
        on owned.billing_period = policies.billing_period
            and owned.provider = policies.provider
            and owned.cost_kind = policies.cost_kind
)

select
    booked.*,
    case when booked.policy = 'shared' then '*' else pools.pool_id end as spread_over,

    -- what the commitment saved on the usage that it covered, and whose merit that is
    case
        when booked.commitment_discount_status = 'Used' then booked.contracted_cost - booked.effective_cost
    end as commitment_benefit,
    case
        when benefits.benefit = 'owner' then coalesce(commitments.cost_center_id, booked.owner_id)
        else booked.owner_id
    end as beneficiary_id
from booked
left join pools
    on booked.billing_period = pools.billing_period
        and booked.cost_center_id = pools.pool_id
left join {{ ref('int_allocation__policies') }} as benefits
    on booked.billing_period = benefits.billing_period
        and booked.provider = benefits.provider
        and benefits.cost_kind = 'commitment_waste'
left join {{ ref('int_allocation__commitments') }} as commitments
    on booked.billing_period = commitments.billing_period
        and booked.provider = commitments.provider
        and booked.commitment_discount_id = commitments.commitment_discount_id
