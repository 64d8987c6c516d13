-- Native FOCUS rows that count, each with its slice, and what generators spell in ways of their own brought to FOCUS's:
-- letter case of closed lists, tags as one object, the class of a service. What is no name of a list stays as written.
with charges as (
    select
        focus.*,
        {{ provider_slug('coalesce(ProviderName, ServiceProviderName, InvoiceIssuerName)') }} as provider,
        -- fourteen hours on, the local midnight of every time zone lies in its own month
        {{ month_of(add_to_timestamp('hour', 14, utc_timestamp('BillingPeriodStart'))) }} as billing_period
    from {{ source('focus', 'focus') }} as focus
),

known_services as (
    select
        'aws' as provider,
        lower(service_name) as service_name,
        service_category,
        service_subcategory
    from {{ ref('aws_services') }}
    union all
    select
        'azure' as provider,
        lower(service_name) as service_name,
        service_category,
        service_subcategory
    from {{ ref('azure_services') }}
    union all
    select
        'azure' as provider,
        lower(service_name) as service_name,
        service_category,
        service_subcategory
    from {{ ref('azure_meter_services') }}
    union all
    select
        'gcp' as provider,
        lower(service_name) as service_name,
        service_category,
        service_subcategory
    from {{ ref('gcp_services') }}
),

services as (
    select
        provider,
        service_name,
        max(service_category) as service_category,
        max(service_subcategory) as service_subcategory
    from known_services
    group by provider, service_name
),

classed as (
    select
        charges.*,
        coalesce(charges.ServiceCategory, services.service_category, 'Other') as category,
        coalesce(
            charges.ServiceSubcategory,
            case
                when
                    lower(coalesce(charges.ServiceCategory, services.service_category))
                    = lower(services.service_category)
                    then services.service_subcategory
            end,
            {{ concat_texts(["'Other ('", "coalesce(charges.ServiceCategory, 'Other')", "')'"]) }}
        ) as subcategory
    from charges
    left join services
        on charges.provider = services.provider
            and lower(charges.ServiceName) = services.service_name
    left join {{ ref('int_deliveries__superseded_exports') }} as superseded
        on charges.delivery_id = superseded.delivery_id
            and charges.provider = 'gcp'
            and charges.billing_period = superseded.billing_period
            and {{ utc_timestamp('charges.x_ExportTime') }}
            between superseded.export_time_from and superseded.export_time_to
    where superseded.delivery_id is null
)

select
    classed.*,

    -- closed lists
    {{ as_listed('ChargeCategory', ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment']) }} as charge_category,
    {{ as_listed('ChargeClass', ['Correction']) }} as charge_class,
    {{ as_listed('ChargeFrequency', ['One-Time', 'Recurring', 'Usage-Based']) }} as charge_frequency,
    {{ as_listed('PricingCategory', ['Standard', 'Dynamic', 'Committed', 'Other']) }} as pricing_category,
    {{ as_listed('CommitmentDiscountCategory', ['Spend', 'Usage']) }} as commitment_discount_category,
    {{ as_listed('CommitmentDiscountStatus', ['Used', 'Unused']) }} as commitment_discount_status,
    {{ as_listed('CapacityReservationStatus', ['Used', 'Unused']) }} as capacity_reservation_status,
    coalesce(classes.service_category, classed.category) as service_category,
    coalesce(classes.service_subcategory, classed.subcategory) as service_subcategory,

    -- Google's FOCUS keeps tags in lists of its own: a resource's tag goes before its label, that before its project's
    coalesce({{ tags_as_json(['Tags']) }}, {{ tags_as_json(['x_ProjectLabels', 'x_Labels', 'x_Tags']) }}) as tags_text
from classed
left join {{ ref('focus_service_categories') }} as classes
    on lower(classed.category) = lower(classes.service_category)
        and lower(classed.subcategory) = lower(classes.service_subcategory)
