-- The ledger's charges by the invoice that they name. An invoice that was landed for one month may stand in the ledger
-- in another; its charges go to the landed month that is theirs, else to the last one landed of the invoice.
with landed_periods as (
    select distinct
        provider,
        billing_account_id,
        invoice_id,
        billing_period
    from {{ ref('stg_invoices__invoices') }}
),

last_periods as (
    select
        provider,
        billing_account_id,
        invoice_id,
        max(billing_period) as billing_period
    from landed_periods
    group by provider, billing_account_id, invoice_id
),

placed as (
    select
        charges.provider,
        charges.billing_account_id,
        charges.invoice_id,
        coalesce(landed.billing_period, last_periods.billing_period, charges.billing_period) as billing_period,
        charges.billing_currency,
        charges.services,
        charges.ledger_billed_cost,
        charges.ledger_tax_cost,
        charges.ledger_credit_cost,
        charges.exported_at
    from {{ ref('int_invoices__ledger_charges') }} as charges
    left join landed_periods as landed
        on charges.provider = landed.provider
            and charges.billing_account_id = landed.billing_account_id
            and charges.invoice_id = landed.invoice_id
            and charges.billing_period = landed.billing_period
    left join last_periods
        on charges.provider = last_periods.provider
            and charges.billing_account_id = last_periods.billing_account_id
            and charges.invoice_id = last_periods.invoice_id
    where charges.invoice_id is not null
)

select
    provider,
    billing_account_id,
    invoice_id,
    billing_period,
    billing_currency,
    max(services) as services,
    sum(ledger_billed_cost) as ledger_billed_cost,
    sum(ledger_tax_cost) as ledger_tax_cost,
    sum(ledger_credit_cost) as ledger_credit_cost,
    max(exported_at) as exported_at
from placed
group by provider, billing_account_id, invoice_id, billing_period, billing_currency
