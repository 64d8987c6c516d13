-- Rows `first` to `last` of a CUR 2.0 month. A row's number decides everything in it, in blocks of a hundred: 70 of
-- on-demand usage, 12 covered by a Savings Plan and 3 that negate them by fours, 14 of reserved usage, and one that is a
-- fee, a tax or a credit. A resource has 30 days of 3 rows.
with numbers as (
    select
        n,
        n % 100 as slot,
        n // 90 as resource,
        n % 40 as account,
        hash(n // 90) % 24 as product,
        date_add(getvariable('month'), to_days(cast(n % 30 as int))) as day,
        round((hash(n) % 1000000) / 100000, 6) as cost
    from range(getvariable('first'), getvariable('last')) as numbers (n)
),

products as (
    select
        range as product,
        ['AmazonEC2', 'AmazonS3', 'AmazonRDS', 'AWSLambda', 'AmazonCloudWatch', 'AmazonDynamoDB', 'AmazonVPC', 'AmazonECS',
            'AmazonSNS', 'AWSQueueService', 'AmazonEKS', 'AmazonElastiCache'][1 + range % 12] as code,
        ['Amazon Elastic Compute Cloud', 'Amazon Simple Storage Service', 'Amazon Relational Database Service',
            'AWS Lambda', 'AmazonCloudWatch', 'Amazon DynamoDB', 'Amazon Virtual Private Cloud',
            'Amazon EC2 Container Service', 'Amazon Simple Notification Service', 'Amazon Simple Queue Service',
            'Amazon Elastic Container Service for Kubernetes', 'Amazon ElastiCache'][1 + range % 12] as name,
        ['us-east-1', 'eu-west-1', 'eu-central-1', 'ap-southeast-2'][1 + range % 4] as region
    from range(24)
),

typed as (
    select
        numbers.*,
        products.* exclude (product),
        case
            when slot < 70 then 'Usage'
            when slot < 82 then 'SavingsPlanCoveredUsage'
            when slot < 85 then 'SavingsPlanNegation'
            when slot < 99 then 'DiscountedUsage'
            else ['Fee', 'Tax', 'Credit', 'RIFee', 'SavingsPlanRecurringFee'][1 + (n // 100) % 5]
        end as line_type,
        case
            when slot between 82 and 84 then list_sum([
                round((hash(n - slot + 70 + (slot - 82) * 4 + k) % 1000000) / 100000, 6) for k in [0, 1, 2, 3]
            ])
        end as negated
    from numbers
    inner join products on numbers.product = products.product
)

select
    md5(cast(n as varchar)) as identity_line_item_id,
    concat(strftime(day, '%Y-%m-%dT00:00:00Z'), '/', strftime(day + interval 1 day, '%Y-%m-%dT00:00:00Z'))
        as identity_time_interval,
    'Anniversary' as bill_bill_type,
    'AWS' as bill_billing_entity,
    getvariable('month') + interval 1 month as bill_billing_period_end_date,
    cast(getvariable('month') as timestamp) as bill_billing_period_start_date,
    strftime(getvariable('month'), 'INV%Y%m') as bill_invoice_id,
    'Amazon Web Services, Inc.' as bill_invoicing_entity,
    '100000000000' as bill_payer_account_id,
    'Benchmark' as bill_payer_account_name,
    if(product % 2 = 0, concat(region, 'a'), '') as line_item_availability_zone,
    case when line_type = 'DiscountedUsage' then 0 else cost end as line_item_blended_cost,
    cast(cost as varchar) as line_item_blended_rate,
    'USD' as line_item_currency_code,
    'Amazon Web Services, Inc.' as line_item_legal_entity,
    concat('$', round(cost / 3, 4), ' per hour of ', name, ' in ', region) as line_item_line_item_description,
    line_type as line_item_line_item_type,
    ['RunInstances', 'CreateVolume', 'PutObject', 'GetObject'][1 + n % 4] as line_item_operation,
    if(line_type = 'SavingsPlanRecurringFee', 'ComputeSavingsPlans', code) as line_item_product_code,
    case
        when slot between 82 and 84 or slot = 99 then ''
        when product % 3 = 0 then concat('i-', left(md5(cast(resource as varchar)), 17))
        else concat('arn:aws:', lower(code), ':', region, ':', 200000000000 + account, ':resource/', md5(cast(resource as varchar)))
    end as line_item_resource_id,
    if(line_type = 'Tax', 'USSalesTax', '') as line_item_tax_type,
    case
        when line_type = 'SavingsPlanNegation' then -negated
        when line_type = 'DiscountedUsage' then 0
        when line_type = 'Credit' then -cost
        else cost
    end as line_item_unblended_cost,
    cast(cost as varchar) as line_item_unblended_rate,
    cast(200000000000 + account as varchar) as line_item_usage_account_id,
    concat('team-', account) as line_item_usage_account_name,
    1 + n % 24 as line_item_usage_amount,
    day + interval 1 day as line_item_usage_end_date,
    cast(day as timestamp) as line_item_usage_start_date,
    concat(upper(left(region, 3)), '-', ['BoxUsage:m5.', 'EBS:VolumeUsage.', 'DataTransfer-', 'Requests-'][1 + n % 4], hash(n) % 60)
        as line_item_usage_type,
    'USD' as pricing_currency,
    round(cost * 1.3, 6) as pricing_public_on_demand_cost,
    cast(round(cost * 1.3, 6) as varchar) as pricing_public_on_demand_rate,
    concat('RATE', hash(n) % 2000, '.JRTCKXETXF.6YS6EN2CT7') as pricing_rate_code,
    cast(hash(n) % 2000 as varchar) as pricing_rate_id,
    if(slot between 85 and 98, 'Reserved', 'OnDemand') as pricing_term,
    'Hrs' as pricing_unit,
    map {'product_name': name, 'region': region, 'servicecode': code, 'sku': concat('SKU', hash(n) % 2000)} as product,
    if(product % 2 = 0, 'm5', '') as product_instance_family,
    if(product % 2 = 0, concat('m5.', ['large', 'xlarge', '2xlarge'][1 + n % 3]), '') as product_instance_type,
    region as product_location,
    'Compute' as product_product_family,
    region as product_region_code,
    code as product_servicecode,
    concat('SKU', hash(n) % 2000) as product_sku,
    case when line_type = 'DiscountedUsage' then cost end as reservation_effective_cost,
    if(line_type in ('DiscountedUsage', 'RIFee'), concat('arn:aws:ec2:us-east-1:200000000001:reserved-instances/', n % 50), '')
        as reservation_reservation_a_r_n,
    case when line_type = 'RIFee' then 0.0 end as reservation_unused_quantity,
    case when line_type = 'RIFee' then 0.0 end as reservation_unused_recurring_fee,
    case
        when n % 5 = 0 then map([]::varchar[], []::varchar[])
        else map {
            'user_team': concat('team-', account), 'user_env': ['prod', 'staging', 'dev'][1 + resource % 3],
            'user_app': concat('app-', resource % 300), 'user_cost_center': concat('cc-', account % 12)
        }
    end as resource_tags,
    'ComputeSavingsPlans' as savings_plan_offering_type,
    if(
        line_type in ('SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'SavingsPlanRecurringFee'),
        concat('arn:aws:savingsplans::200000000001:savingsplan/', n % 7), ''
    ) as savings_plan_savings_plan_a_r_n,
    case when line_type = 'SavingsPlanCoveredUsage' then round(cost * 0.7, 6) end as savings_plan_savings_plan_effective_cost,
    case when line_type = 'SavingsPlanRecurringFee' then cost end as savings_plan_total_commitment_to_date,
    case when line_type = 'SavingsPlanRecurringFee' then cost end as savings_plan_used_commitment
from typed
