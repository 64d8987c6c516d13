{% snapshot shared_cost_rules_history %}
{{ config(unique_key='row_id') }}
select
    {{ concat_texts([
        'pool_id', "'/'", "coalesce(receiver_id, '')", "'/'", 'cast(effective_from as ' ~ type_text() ~ ')'
    ]) }} as row_id,
    pool_id,
    method,
    receiver_id,
    share,
    driver,
    effective_from
from {{ ref('shared_cost_rules') }}
{% endsnapshot %}
