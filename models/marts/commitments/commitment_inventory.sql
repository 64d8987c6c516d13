with as_of as (
    select
        provider,
        max(complete_through) as complete_through,
        {{ add_to_date('day', 1, 'max(complete_through)') }} as first_open_date
    from {{ ref('completeness') }}
    group by provider
),

whole_months as (
    select
        charges.provider,
        max(charges.billing_period) as billing_period
    from {{ ref('int_commitments__charges') }} as charges
    inner join as_of
        on charges.provider = as_of.provider
            and {{ add_to_date('month', 1, 'charges.billing_period') }} <= as_of.first_open_date
    group by charges.provider
),

-- What the newest whole month amortised, and of how much of the commitment.
months as (
    select
        charges.provider,
        charges.commitment_discount_id,
        charges.billing_period,
        24.0 * {{ dbt.datediff(
            'charges.billing_period', add_to_date('month', 1, 'charges.billing_period'), 'day'
        ) }} as month_hours,
        {{ money('sum(charges.effective_cost)') }} as amortized_cost,
        {{ money("sum(case when charges.coverage = 'used' then charges.effective_cost else 0 end)") }} as used_cost,
        sum(charges.commitment_quantity) as commitment_quantity
    from {{ ref('int_commitments__charges') }} as charges
    inner join whole_months
        on charges.provider = whole_months.provider
            and charges.billing_period = whole_months.billing_period
    where charges.coverage in ('used', 'unused')
    group by charges.provider, charges.commitment_discount_id, charges.billing_period
),

users as (
    select
        provider,
        commitment_discount_id,
        count(distinct sub_account_id) as sub_accounts
    from {{ ref('cost_and_usage') }}
    where commitment_discount_status = 'Used'
    group by provider, commitment_discount_id
),

seen as (
    select
        provider,
        commitment_discount_id,
        min(charge_period_start) as first_charge_at,
        max(charge_period_end) as last_charge_at,
        max(case when coverage = 'purchased' and billed_cost > 0 then 1 else 0 end) as is_bought,
        sum(case when coverage = 'purchased' then billed_cost else 0 end) as paid_cost,
        max(case when coverage in ('used', 'unused') then 1 else 0 end) as is_spread
    from {{ ref('int_commitments__charges') }}
    where commitment_discount_id is not null
    group by provider, commitment_discount_id
),

timed as (
    select
        described.*,
        families.family,
        families.region_id,
        seen.first_charge_at,
        seen.last_charge_at,
        case
            when seen.is_bought = 1 and seen.is_spread = 0 and abs(seen.paid_cost) < 0.01 then 'returned'
            when described.ends_at <= cast(as_of.first_open_date as {{ type_timestamp() }}) then 'expired'
            else 'active'
        end as status,
        months.billing_period as measured_period,
        months.amortized_cost,
        months.used_cost,
        months.month_hours,
        months.commitment_quantity as month_quantity,
        case
            when users.sub_accounts is null then 'unused'
            when users.sub_accounts > 1 then 'shared'
            else 'single account'
        end as scope,
        case
            when described.starts_at is not null and described.ends_at is not null
                then {{ dbt.datediff('described.starts_at', 'described.ends_at', 'hour') }}
        end as term_hours
    from {{ ref('int_commitments__described') }} as described
    left join as_of
        on described.provider = as_of.provider
    left join {{ ref('int_commitments__families') }} as families
        on described.provider = families.provider
            and described.commitment_discount_id = families.commitment_discount_id
    left join months
        on described.provider = months.provider
            and described.commitment_discount_id = months.commitment_discount_id
    left join users
        on described.provider = users.provider
            and described.commitment_discount_id = users.commitment_discount_id
    left join seen
        on described.provider = seen.provider
            and described.commitment_discount_id = seen.commitment_discount_id
),

sized as (
    select
        *,
        cast(coalesce(commitment_cost, commitment_quantity) as {{ type_double() }}) / nullif(term_hours, 0)
            as told_hourly,
        case
            when commitment_discount_category = 'Spend' then cast(amortized_cost as {{ type_double() }}) / month_hours
            else month_quantity / month_hours
        end as amortized_hourly
    from timed
)

select
    -- keys
    provider,
    billing_account_id,
    commitment_discount_id,
    commitment_discount_name,

    -- what it is
    commitment_discount_type,
    commitment_discount_category,
    status,
    scope,
    family,
    region_id,
    term_months,
    payment_option,

    -- how much
    cast(coalesce(told_hourly, amortized_hourly) as {{ type_double() }}) as hourly_commitment,
    case
        when commitment_discount_category = 'Spend' then billing_currency else commitment_discount_unit
    end as commitment_discount_unit,
    {{ money('amortized_cost') }} as monthly_amortized_cost,
    {{ money('amortized_cost - used_cost') }} as monthly_unused_cost,
    {{ covered_pct('used_cost', 'amortized_cost') }} as utilization_pct,
    measured_period,
    billing_currency,

    -- when
    starts_at,
    ends_at,
    first_charge_at,
    last_charge_at,

    -- who says so
    case when ends_at is not null then 'bill' else 'not told' end as term_source,
    case
        when told_hourly is not null then 'bill'
        when amortized_hourly is not null then 'amortized month'
        else 'not told'
    end as hourly_commitment_source,
    case when amortized_cost is not null then 'amortized month' else 'not told' end as monthly_amortized_cost_source,
    case when scope = 'unused' then 'not told' else 'use' end as scope_source,
    case when family is null then 'not told' else 'use' end as family_source
from sized
