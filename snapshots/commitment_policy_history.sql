{% snapshot commitment_policy_history %}
{{ config(unique_key='row_id') }}
select
    {{ concat_texts(["coalesce(provider, '')", "'/'", 'cast(effective_from as ' ~ type_text() ~ ')']) }} as row_id,
    provider,
    waste,
    payer_id,
    benefit,
    effective_from
from {{ ref('commitment_policy') }}
{% endsnapshot %}
