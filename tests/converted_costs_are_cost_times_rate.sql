-- Money in = money out, in its own currency; a converted cost is its cost times the rate beside it, and null with it.
with converted as (
    select * from {{ ref('converted_daily_cost') }}
),

amounts as (
    {%- for cost in ['billed_cost', 'effective_cost', 'contracted_cost', 'list_cost'] %}
        {{ 'union all' if not loop.first }}
        select
            exchange_rate,
            unconverted_reason,
            {{ cost }} as cost,
            converted_{{ cost }} as converted_cost
        from converted
    {%- endfor %}
),

wrong_rows as (
    select 'a converted cost is not cost x rate' as problem
    from amounts
    where exchange_rate is not null
        and (
            converted_cost is null
            or unconverted_reason is not null
            or abs(cast(converted_cost as {{ type_double() }}) - cast(cost as {{ type_double() }}) * exchange_rate)
            > 1e-9 * case when abs(converted_cost) > 1 then abs(cast(converted_cost as {{ type_double() }})) else 1 end
        )
    union all
    select 'a cost without a rate is converted, or does not say why not' as problem
    from amounts
    where exchange_rate is null
        and (converted_cost is not null or unconverted_reason is null)
),

totals as (
    select
        billing_currency,
        1 as charges,
        billed_cost,
        effective_cost,
        case when exchange_rate = 1 then converted_billed_cost - billed_cost else 0 end as difference
    from converted
    union all
    select
        billing_currency,
        -1 as charges,
        -billed_cost as billed_cost,
        -effective_cost as effective_cost,
        0 as difference
    from {{ ref('daily_cost') }}
),

wrong_totals as (
    select {{ concat_texts(["'the total is not that of daily_cost in '", 'billing_currency']) }} as problem
    from totals
    group by billing_currency
    having sum(charges) <> 0
        or sum(billed_cost) <> 0
        or sum(effective_cost) <> 0
        or sum(difference) <> 0
)

select problem from wrong_rows
union all
select problem from wrong_totals
