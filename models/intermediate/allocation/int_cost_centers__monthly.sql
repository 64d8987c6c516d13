-- What each cost center was called in each month, who answered for it and what it belonged to: its newest version on or
-- before that month. Centers that hold cost and are not in the seed, such as `unallocated`, bear their id as name.
with months as (
    select distinct billing_period
    from {{ ref('int_charges__attributed') }}
),

versions as (
    select
        *,
        lead(effective_from) over (partition by cost_center_id order by effective_from) as effective_to
    from {{ ref('cost_centers') }}
),

named as (
    select
        months.billing_period,
        versions.cost_center_id,
        versions.cost_center_name,
        versions.parent_id,
        versions.owner
    from months
    inner join versions
        on months.billing_period >= versions.effective_from
            and (versions.effective_to is null or months.billing_period < versions.effective_to)
),

charged as (
    select distinct
        billing_period,
        cost_center_id
    from {{ ref('int_chargeback__live') }}
)

select
    billing_period,
    cost_center_id,
    cost_center_name,
    parent_id,
    owner
from named
union all
select
    charged.billing_period,
    charged.cost_center_id,
    charged.cost_center_id as cost_center_name,
    cast(null as {{ type_text() }}) as parent_id,
    cast(null as {{ type_text() }}) as owner
from charged
left join named
    on charged.billing_period = named.billing_period
        and charged.cost_center_id = named.cost_center_id
where named.cost_center_id is null
