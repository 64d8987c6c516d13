-- commitments that end soon or are not used
with shown as (
    select
        case alert when 'expiry' then 'ends soon' when 'under_use' then 'not used' else alert end as what,
        provider,
        coalesce(commitment_discount_name, commitment_discount_id) as commitment,
        commitment_discount_type as kind,
        family,
        billing_currency,
        severity,
        cost(at_stake_cost) as at_stake_cost,
        utilization_pct / 100 as utilisation,
        day_name(ends_at) as ends_on,
        days_left
    from commitment_alerts
)

select
    1 as is_row,
    *
from shown
union all by name
select 0 as is_row
