with ratios as (
    select
        billing_period,
        scope_type,
        provider,
        scope_id,
        billing_currency,
        kpi,
        {{ money('numerator') }} as numerator,
        {{ money('denominator') }} as denominator
    from {{ ref('int_kpis__ratios') }}
    union all
    select
        billing_period,
        scope_type,
        provider,
        scope_id,
        billing_currency,
        kpi,
        {{ money('numerator') }} as numerator,
        {{ money('denominator') }} as denominator
    from {{ ref('int_kpis__shares') }}
)

select
    -- keys
    billing_period,
    cast(scope_type as {{ type_text() }}) as scope_type,
    provider,
    scope_id,
    billing_currency,
    cast(kpi as {{ type_text() }}) as kpi,

    -- measures
    cast(numerator as {{ type_double() }}) / nullif(cast(denominator as {{ type_double() }}), 0) as kpi_value,
    numerator,
    denominator
from ratios
where denominator <> 0
