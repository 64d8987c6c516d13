-- What the ledger bills the accounts of which any invoice was landed, by the invoice that its rows name.
with invoiced_accounts as (
    select distinct
        provider,
        billing_account_id
    from {{ ref('stg_invoices__invoices') }}
)

select
    ledger.provider,
    ledger.billing_account_id,
    ledger.invoice_id,
    ledger.billing_period,
    ledger.billing_currency,
    count(distinct ledger.service_name) as services,
    sum(ledger.billed_cost) as ledger_billed_cost,
    sum(case when ledger.charge_category = 'Tax' then ledger.billed_cost else 0 end) as ledger_tax_cost,
    sum(case when ledger.charge_category = 'Credit' then ledger.billed_cost else 0 end) as ledger_credit_cost,
    max(deliveries.exported_at) as exported_at
from {{ ref('int_charges__summed') }} as ledger
inner join invoiced_accounts
    on ledger.provider = invoiced_accounts.provider
        and ledger.billing_account_id = invoiced_accounts.billing_account_id
inner join {{ source('lake', 'deliveries') }} as deliveries
    on ledger.delivery_id = deliveries.delivery_id
group by
    ledger.provider, ledger.billing_account_id, ledger.invoice_id, ledger.billing_period, ledger.billing_currency
