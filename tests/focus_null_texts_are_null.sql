-- Exports to CSV write a missing value as the text NULL; the reader of FOCUS files takes it for null (null_texts of the
-- source). A warning, as a Parquet file may hold the text itself.
{{ config(severity='warn') }}

{% set texts = [
    'billing_account_id', 'billing_account_name', 'sub_account_id', 'sub_account_name', 'invoice_id',
    'invoice_issuer_name', 'provider_name', 'publisher_name', 'service_provider_name', 'charge_category',
    'charge_class', 'charge_description', 'charge_frequency', 'service_name', 'sku_id', 'sku_price_id', 'resource_id',
    'resource_name', 'region_id', 'availability_zone', 'tags', 'commitment_discount_id', 'commitment_discount_status',
    'capacity_reservation_id', 'pricing_category', 'pricing_unit', 'consumed_unit', 'pricing_currency',
] %}

select
    row_key,
    delivery_id
from {{ ref('stg_focus__focus') }}
where 'NULL' in ({{ texts | join(', ') }})
