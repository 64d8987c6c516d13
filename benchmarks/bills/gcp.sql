-- Rows `first` to `last` of a month of the detailed usage cost table. A row's number decides everything in it, in blocks
-- of a hundred: 66 of usage with sustained use, free tier and promotion credits, 12 that a spend commitment of the new
-- model covers and 3 fees that pay for them by fours, 12 with the credit of a resource commitment and 2 of its fees, 3 of
-- a seller, one unused spend fee, and one that is tax, rounding or a correction.
with numbers as (
    select
        n,
        n % 100 as slot,
        n // 90 as resource,
        n % 40 as account,
        hash(n // 90) % 12 as product,
        date_add(getvariable('month'), to_days(cast((n * 7 + n // 100) % 30 as int))) + interval 8 hour as starts_at,
        round((hash(n) % 1000000) / 100000, 6) as amount,
        1 + n % 24 as quantity
    from range(getvariable('first'), getvariable('last')) as numbers (n)
),

products as (
    select
        range as product,
        ['6F81-5844-456A', '24E6-581D-38E5', '95FF-2EF5-5EA1', '9662-B51E-5089', 'CCD8-9BF1-090E', '152E-C115-5142',
            'A1E8-BE35-7EBC', '5490-F7B7-8DF6', 'E505-1604-58F8', 'C7E2-9256-1C43', 'EE82-7A5E-871C', '16B8-3DDA-9F10'][1 + range]
            as service_id,
        ['Compute Engine', 'BigQuery', 'Cloud Storage', 'Cloud SQL', 'Kubernetes Engine', 'Cloud Run', 'Cloud Pub/Sub',
            'Cloud Logging', 'Networking', 'Vertex AI', 'Secret Manager', 'BigQuery Reservation API'][1 + range] as service,
        ['us-central1', 'europe-west1', 'asia-east1', 'us-east1'][1 + range % 4] as region
    from range(12)
),

kinds as (
    select
        numbers.*,
        products.* exclude (product),
        case
            when slot < 66 then 'usage'
            when slot < 78 then 'covered'
            when slot < 81 then 'fee'
            when slot < 93 then 'core'
            when slot < 95 then 'core fee'
            when slot < 98 then 'seller'
            when slot = 98 then 'unused fee'
            else ['tax', 'rounding_error', 'adjustment'][1 + (n // 100) % 3]
        end as kind,
        case
            when slot between 78 and 80 then round(list_sum([
                round((hash(n - slot + 66 + (slot - 78) * 4 + k) % 1000000) / 100000, 6) for k in [0, 1, 2, 3]
            ]), 6)
            else amount
        end as cost
    from numbers
    inner join products on numbers.product = products.product
),

described as (
    select
        *,
        kind in ('usage', 'covered', 'core') as has_resource,
        -- a sixth of the usage is paid for by a promotion, a quarter has the discount of sustained use
        case
            when kind = 'fee' then [struct_pack(
                "id" := null, full_name := 'Fee utilization offset', "type" := 'FEE_UTILIZATION_OFFSET',
                "name" := 'Fee utilization offset', amount := -cost
            )]
            when kind = 'core' then [struct_pack(
                "id" := null, full_name := 'Committed Usage Discount: CPU', "type" := 'COMMITTED_USAGE_DISCOUNT',
                "name" := 'Committed Usage Discount', amount := -cost
            )]
            when kind = 'usage' and n % 12 = 1 then [struct_pack(
                "id" := null, full_name := 'Sustained Usage Discount', "type" := 'SUSTAINED_USAGE_DISCOUNT',
                "name" := 'Sustained Usage Discount', amount := round(-cost * 0.2, 6)
            ), struct_pack(
                "id" := 'migration-credit', full_name := 'Migration credit', "type" := 'PROMOTION',
                "name" := 'Migration credit', amount := round(-cost * 0.1, 6)
            )]
            when kind = 'usage' and n % 4 = 1 then [struct_pack(
                "id" := null, full_name := 'Sustained Usage Discount', "type" := 'SUSTAINED_USAGE_DISCOUNT',
                "name" := 'Sustained Usage Discount', amount := round(-cost * 0.2, 6)
            )]
            else []
        end as credits,
        case
            when kind in ('covered', 'fee', 'unused fee') then concat('5b000000-0000-4000-8000-', 100000000000 + n // 100 % 7)
            when kind = 'core fee' then concat('5c000000-0000-4000-8000-', 100000000000 + n % 7)
        end as commitment
    from kinds
)

select
    '0B0000-000000-0B0000' as billing_account_id,
    struct_pack("month" := strftime(getvariable('month'), '%Y%m'), publisher_type := if(kind = 'seller', 'PARTNER', 'GOOGLE'))
        as invoice,
    if(slot < 99, 'regular', kind) as cost_type,
    struct_pack("id" := if(kind in ('core', 'core fee', 'covered', 'fee'), '6F81-5844-456A', service_id),
        description := if(kind in ('core', 'core fee', 'covered', 'fee'), 'Compute Engine', service)) as service,
    case
        when kind in ('fee', 'unused fee') then struct_pack(
            "id" := 'FE00-0000-0001', description := 'Commitment - dollar based v1: Compute Flexible CUDs 1 Year'
        )
        when kind = 'core fee' then struct_pack("id" := 'FE00-0000-0002', description := 'Commitment v1: Cpu in Americas for 1 Year')
        when kind = 'core' then struct_pack(
            "id" := 'C0DE-0000-0001', description := 'N1 Predefined Instance Core running in Americas'
        )
        when slot = 99 then struct_pack("id" := null, description := kind)
        else struct_pack("id" := upper(left(md5(cast(hash(n) % 2000 as varchar)), 14)),
            description := concat(service, ' unit ', hash(n) % 2000, ' in ', region))
    end as sku,
    timezone('UTC', starts_at) as usage_start_time,
    timezone('UTC', starts_at + interval 1 hour) as usage_end_time,
    case
        when slot < 98 and kind not in ('fee', 'core fee') then struct_pack(
            "id" := concat('project-', account), "number" := cast(714200000000 + account as varchar),
            "name" := concat('Project ', account),
            labels := [struct_pack("key" := 'owner', "value" := concat('team-', account))],
            ancestry_numbers := concat('/5501/77', account % 8, '/'),
            ancestors := [
                struct_pack(resource_name := concat('projects/', 714200000000 + account), display_name := concat('Project ', account)),
                struct_pack(resource_name := concat('folders/77', account % 8), display_name := concat('Folder ', account % 8)),
                struct_pack(resource_name := 'organizations/5501', display_name := 'benchmark.example')
            ]
        )
    end as project,
    case
        when kind = 'fee' then [struct_pack("key" := 'goog-originating-sku-id', "value" := 'C0DE-0000-0001')]
        when has_resource and n % 5 <> 0 then [
            struct_pack("key" := 'team', "value" := concat('team-', account)),
            struct_pack("key" := 'env', "value" := ['prod', 'staging', 'dev'][1 + resource % 3]),
            struct_pack("key" := 'app', "value" := concat('app-', resource % 300)),
            struct_pack("key" := 'cost_center', "value" := concat('cc-', account % 12))
        ]
        else []
    end as labels,
    if(product = 0 and has_resource, [
        struct_pack("key" := 'compute.googleapis.com/machine_spec', "value" := 'n2-standard-4'),
        struct_pack("key" := 'compute.googleapis.com/cores', "value" := '4')
    ], []) as system_labels,
    struct_pack(
        "location" := if(slot < 98, region, null), country := null, region := if(slot < 98, region, null),
        zone := if(has_resource, concat(region, '-b'), null)
    ) as "location",
    if(has_resource and n % 3 = 0, [struct_pack(
        "key" := 'division', "value" := concat('division-', account % 5), inherited := true, "namespace" := 'organizations/5501'
    )], []) as tags,
    if(kind = 'seller', 'THIRD_PARTY_AGENCY', 'GOOGLE') as transaction_type,
    if(kind = 'seller', 'Seller Ltd', null) as seller_name,
    timezone('UTC', starts_at + interval 6 hour) as export_time,
    cost,
    'USD' as currency,
    1.0 as currency_conversion_rate,
    struct_pack(amount := quantity * 3600.0, unit := 'seconds', amount_in_pricing_units := cast(quantity as double), pricing_unit := 'hour')
        as usage,
    credits,
    case
        when kind = 'adjustment' then struct_pack(
            "id" := 'correction-1', description := 'Correction of usage', "mode" := 'MANUAL_ADJUSTMENT', "type" := 'USAGE_CORRECTION'
        )
    end as adjustment_info,
    case when slot < 99 then round(cost * 1.3, 6) end as cost_at_list,
    case when slot < 99 then cast(round(cost * 1.2, 6) as decimal(38, 9)) end as cost_at_effective_price_default,
    case when slot < 99 then cast(cost as decimal(38, 9)) end as cost_at_list_consumption_model,
    if(kind = 'covered', struct_pack("id" := 'C1F1-EDF1-0001', description := 'Compute Flexible CUDs 1 Year'),
        struct_pack("id" := '7754-699E-0EBF', description := 'Default')) as consumption_model,
    case
        when slot < 99 then struct_pack(
            effective_price := cast(cost / quantity as decimal(38, 9)), tier_start_amount := 0, unit := 'hour', pricing_unit_quantity := 1,
            list_price := cast(cost * 1.3 / quantity as decimal(38, 9)), effective_price_default := cast(cost * 1.2 / quantity as decimal(38, 9)),
            list_price_consumption_model := cast(cost / quantity as decimal(38, 9))
        )
    end as price,
    case
        when has_resource then struct_pack(
            "name" := concat('vm-', resource), global_name := concat(
                '//compute.googleapis.com/projects/', 714200000000 + account, '/zones/', region, '-b/instance/', resource * 7919
            )
        )
    end as resource,
    if(commitment is not null, struct_pack(instance_id := commitment), null) as subscription
from described
