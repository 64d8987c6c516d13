{% snapshot credit_and_tax_policy_history %}
{{ config(unique_key='row_id') }}
select
    {{ concat_texts([
        'charge_category', "'/'", "coalesce(provider, '')", "'/'", 'cast(effective_from as ' ~ type_text() ~ ')'
    ]) }} as row_id,
    charge_category,
    provider,
    policy,
    payer_id,
    effective_from
from {{ ref('credit_and_tax_policy') }}
{% endsnapshot %}
