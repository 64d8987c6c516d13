{{ config(materialized='table') }}

-- What each invoice says, its rows added up. A tax or credit that no row states stays null: it is not known to be none.
select
    provider,
    billing_account_id,
    invoice_id,
    billing_period,
    billing_currency,
    count(*) as invoice_lines,
    {{ money('sum(invoiced_cost)') }} as invoiced_cost,
    {{ money('sum(invoiced_tax_cost)') }} as invoiced_tax_cost,
    {{ money('sum(invoiced_credit_cost)') }} as invoiced_credit_cost,
    max(issue_date) as issue_date
from {{ ref('base_invoices__lines') }}
group by provider, billing_account_id, invoice_id, billing_period, billing_currency
