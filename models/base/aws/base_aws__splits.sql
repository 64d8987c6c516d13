-- How containers (ECS tasks, EKS pods) shared the instances they ran on: AWS adds rows that repeat an instance in
-- shares of its cost. They replace the instance's row here and add nothing; what was idle is spread as AWS spreads it.
with line_items as (
    select
        delivery_id,
        row_id,
        line_item_resource_id,
        line_item_usage_start_date,
        pricing_unit,
        tags,
        split_line_item_parent_resource_id,
        coalesce(split_line_item_split_cost, 0) + coalesce(split_line_item_unused_cost, 0) as split_cost,
        split_line_item_split_usage,
        split_line_item_split_usage_ratio
    from {{ ref('base_aws__line_items') }}
    where line_item_operation in ('ECSTask-EC2', 'EKSPod-EC2')
        and split_line_item_parent_resource_id is not null
),

containers as (
    select
        *,
        sum(split_cost) over (
            partition by delivery_id, split_line_item_parent_resource_id, line_item_usage_start_date
        ) as instance_cost,
        sum(split_line_item_split_usage_ratio) over (
            partition by delivery_id, split_line_item_parent_resource_id, line_item_usage_start_date
        ) as instance_ratio,
        row_number() over (
            partition by delivery_id, split_line_item_parent_resource_id, line_item_usage_start_date
            order by line_item_resource_id, row_id
        ) as split_number
    from line_items
),

shares as (
    select
        *,
        case
            when instance_cost <> 0 then split_cost / nullif(instance_cost, 0)
            else split_line_item_split_usage_ratio / nullif(instance_ratio, 0)
        end as split_share
    from containers
    where instance_cost <> 0
        or instance_ratio <> 0
)

select
    delivery_id,
    split_line_item_parent_resource_id as instance_id,
    line_item_usage_start_date,
    split_number,
    split_share,
    line_item_resource_id as container_id,
    tags as container_tags,
    split_line_item_split_usage as container_usage,
    coalesce(pricing_unit, 'Units') as container_unit
from shares
