-- Tags that are no JSON leave their row without tags.
{{ config(severity='warn') }}

select
    delivery_id,
    row_id
from {{ ref('base_azure__cost_details') }}
where replace(tags, ' ', '') <> '{}'
    and {{ as_json_text('tags') }} is null
