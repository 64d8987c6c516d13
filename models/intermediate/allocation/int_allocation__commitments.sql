-- Who owns a commitment in each month: the owner of its newest purchase or unused part up to then.
with charges as (
    select
        charges.provider,
        charges.billing_period,
        charges.commitment_discount_id,
        charges.charge_category,
        charges.commitment_discount_status,
        owners.cost_center_id
    from {{ ref('int_charges__attributed') }} as charges
    inner join {{ ref('int_allocation__owners') }} as owners
        on charges.billing_period = owners.billing_period
            and {{ same_attributes('charges', 'owners') }}
    where charges.commitment_discount_id is not null
),

months as (
    select distinct
        provider,
        commitment_discount_id,
        billing_period
    from charges
),

held as (
    select distinct
        provider,
        commitment_discount_id,
        billing_period,
        cost_center_id
    from charges
    where charge_category = 'Purchase'
        or commitment_discount_status = 'Unused'
),

ranked as (
    select
        months.provider,
        months.commitment_discount_id,
        months.billing_period,
        held.cost_center_id,
        row_number() over (
            partition by months.provider, months.commitment_discount_id, months.billing_period
            order by held.billing_period desc, held.cost_center_id asc
        ) as place
    from months
    inner join held
        on months.provider = held.provider
            and months.commitment_discount_id = held.commitment_discount_id
            and months.billing_period >= held.billing_period
)

select
    provider,
    commitment_discount_id,
    billing_period,
    cost_center_id
from ranked
where place = 1
