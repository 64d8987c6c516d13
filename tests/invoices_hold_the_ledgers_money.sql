-- Money in, money out: every landed row is on an invoice, and every charge that names one is on one row of the mart.
with sides as (
    select
        'invoiced' as side,
        billing_currency,
        invoiced_cost as cost
    from {{ ref('base_invoices__lines') }}
    union all
    select
        'invoiced' as side,
        billing_currency,
        -invoiced_cost as cost
    from {{ ref('invoice_reconciliation') }}
    union all
    select
        'named' as side,
        billing_currency,
        ledger_billed_cost as cost
    from {{ ref('int_invoices__ledger_charges') }}
    where invoice_id is not null
    union all
    select
        'named' as side,
        billing_currency,
        -ledger_billed_cost as cost
    from {{ ref('invoice_reconciliation') }}
    where matched_by in ('invoice_id', 'not_landed')
    union all
    select
        'residual' as side,
        billing_currency,
        ledger_billed_cost - invoiced_cost - residual as cost
    from {{ ref('invoice_reconciliation') }}
)

select
    side,
    billing_currency,
    sum(cost) as difference
from sides
group by side, billing_currency
having abs(coalesce(sum(cost), 0)) > 0.000000001
