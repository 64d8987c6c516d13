-- One row per charge out of the pair: what was invoiced comes from the actual file, what a benefit covered and what it
-- left unused from the amortized one. A file that stands alone gives what it can tell.
with cost_details as (
    select
        details.*,
        slices.has_pair,
        case
            when charge_type in ('UnusedReservation', 'UnusedSavingsPlan') then 'unused'
            when charge_type = 'Usage' and pricing_model in ('reservation', 'savingsplan') then 'covered'
            when charge_type in ('Purchase', 'Refund') and benefit_id is not null then 'benefit'
            when
                charge_type in ('Purchase', 'Refund') and pricing_model in ('reservation', 'savingsplan')
                then 'benefit'
            else 'plain'
        end as benefit_role
    from {{ ref('base_azure__cost_details') }} as details
    inner join {{ ref('int_deliveries__slices') }} as slices
        on details.dataset = slices.dataset
            and details.scope = slices.scope
            and details.billing_period = slices.billing_period
            and slices.provider = 'azure'
),

costs as (
    select
        *,
        case when dataset = 'azure_amortized' and benefit_role in ('unused', 'covered') then 0 else cost end
            as billed_cost,
        case
            when has_pair = 1 and dataset = 'azure_actual' and benefit_role in ('benefit', 'covered') then 0
            else cost
        end as effective_cost,
        case
            when has_pair = 1 then 'amortized'
            when dataset = 'azure_actual' then 'billed'
            else 'amortized_only'
        end as effective_basis
    from cost_details
    where has_pair = 0
        or (dataset = 'azure_actual' and (benefit_role <> 'covered' or cost <> 0))
        or (dataset = 'azure_amortized' and benefit_role in ('covered', 'unused'))
),

contracted as (
    select
        *,
        case
            when benefit_role = 'unused' then 0
            -- the amortized file has this row too, with its prices
            when has_pair = 1 and dataset = 'azure_actual' and benefit_role = 'covered' then 0
            when
                charge_type in ('Usage', 'Refund') and benefit_role <> 'benefit' and unit_price <> 0
                then unit_price * quantity
            -- without a negotiated price the list price stands in, or the commitment's savings would look negotiated
            when benefit_role = 'covered' and list_price <> 0 then list_price * quantity
            when benefit_role = 'covered' then effective_cost
            else cost
        end as contracted_cost
    from costs
)

select
    *,
    case
        when has_pair = 1 and dataset = 'azure_actual' and benefit_role = 'covered' then 0
        when
            charge_type in ('Usage', 'Refund') and benefit_role <> 'benefit' and list_price <> 0
            then list_price * quantity
        else contracted_cost
    end as list_cost,
    -- read of the rows that stay; of a resource that extends another the last provider counts, and to find the only one
    -- is the cheaper search
    case
        when resource_id like '%/providers/%/providers/%'
            then {{ regexp_capture('resource_id', '.*/providers/([^/]+/[^/]+)') }}
        else {{ regexp_capture('resource_id', '/providers/([^/]+/[^/]+)') }}
    end as resource_type
from contracted
