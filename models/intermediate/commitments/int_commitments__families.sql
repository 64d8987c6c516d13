-- What each commitment is for: the family and region that most of what it covered belongs to. One to money may cover
-- any region, so it has none.
with used as (
    select
        provider,
        commitment_discount_id,
        commitment_discount_category,
        case
            when commitment_discount_category = 'Usage' then coalesce(sku_meter, service_name)
            else coalesce(eligible_family, service_name)
        end as family,
        case when commitment_discount_category = 'Usage' then region_id end as region_id,
        case when coverage = 'used' then 0 when coverage = 'unused' then 1 else 2 end as rank_of_coverage,
        sum(effective_cost) as effective_cost
    from {{ ref('int_commitments__charges') }}
    where commitment_discount_id is not null
    group by
        provider, commitment_discount_id, commitment_discount_category,
        case
            when commitment_discount_category = 'Usage' then coalesce(sku_meter, service_name)
            else coalesce(eligible_family, service_name)
        end,
        case when commitment_discount_category = 'Usage' then region_id end,
        case when coverage = 'used' then 0 when coverage = 'unused' then 1 else 2 end
),

ranked as (
    select
        *,
        row_number() over (
            partition by provider, commitment_discount_id
            order by rank_of_coverage asc, effective_cost desc, family asc, region_id asc
        ) as place
    from used
)

select
    provider,
    commitment_discount_id,
    commitment_discount_category,
    family,
    region_id
from ranked
where place = 1
