-- The ledger against what was invoiced, and why they differ. Reasons are tried from the surest to the vaguest: what the
-- invoice itself states (tax, credits) before what the calendar suggests.
with matched as (
    select
        *,
        {{ half_minor_unit('billing_currency') }} as half_unit,
        -- each line of the invoice and each service of the bill was rounded once
        {{ half_minor_unit('billing_currency') }}
        * {{ larger_of('coalesce(invoice_lines, 1)', 'coalesce(services, 1)') }} as rounding_bound_cost,
        case
            when
                exported_at < cast(
                    coalesce(
                        issue_date, {{ add_to_date('day', 5, add_to_date('month', 1, 'billing_period')) }}
                    ) as {{ type_timestamp() }}
                )
                then 1
            else 0
        end as is_early,
        case
            when matched_by = 'nothing' then 0
            else ledger_billed_cost
        end as ledger_cost
    from {{ ref('int_invoices__matched') }}
),

gaps as (
    select
        *,
        ledger_cost - invoiced_cost as residual,
        -- what the invoice states and the ledger lacks
        case
            when abs(invoiced_tax_cost) > abs(coalesce(ledger_tax_cost, 0))
                then coalesce(ledger_tax_cost, 0) - invoiced_tax_cost
            else 0
        end as tax_gap,
        -- either side may lack a credit
        coalesce(ledger_credit_cost, 0) - coalesce(invoiced_credit_cost, 0) as credit_gap
    from matched
)

select
    -- which invoice
    provider,
    billing_account_id,
    invoice_id,
    billing_period,
    billing_currency,
    matched_by,

    -- invoice and ledger
    {{ money('invoiced_cost') }} as invoiced_cost,
    {{ money('invoiced_tax_cost') }} as invoiced_tax_cost,
    {{ money('invoiced_credit_cost') }} as invoiced_credit_cost,
    {{ money('ledger_cost') }} as ledger_billed_cost,
    {{ money('ledger_tax_cost') }} as ledger_tax_cost,
    {{ money('ledger_credit_cost') }} as ledger_credit_cost,
    {{ money('residual') }} as residual,
    {{ money('rounding_bound_cost') }} as rounding_bound_cost,
    case
        when invoiced_cost is null then null
        when abs(residual) <= half_unit then null
        when matched_by = 'other_currency' then 'currency_differs'
        when matched_by = 'nothing' and is_early = 1 then 'run_skew'
        when matched_by = 'nothing' then 'not_in_ledger'
        when abs(residual) <= rounding_bound_cost then 'rounding'
        when abs(tax_gap) > half_unit and abs(residual - tax_gap) <= rounding_bound_cost then 'tax_not_in_export'
        when abs(credit_gap) > half_unit and abs(residual - credit_gap) <= rounding_bound_cost then 'credits'
        when
            abs(tax_gap) > half_unit and abs(credit_gap) > half_unit
            and abs(residual - tax_gap - credit_gap) <= rounding_bound_cost
            then 'tax_and_credits'
        when is_early = 1 then 'run_skew'
        else 'unexplained'
    end as residual_reason,

    -- when
    issue_date,
    exported_at
from gaps
