-- Invoices of months in which the ledger names none (Google, Azure's enterprise agreement): all charges of account,
-- month and currency stand against all invoices of it together. The smaller invoices are taken as met, and what is left
-- over or lacking shows on the largest.
with charges as (
    select * from {{ ref('int_invoices__ledger_charges') }}
),

months as (
    select charges.*
    from charges
    left join charges as named
        on charges.provider = named.provider
            and charges.billing_account_id = named.billing_account_id
            and charges.billing_period = named.billing_period
            and named.invoice_id is not null
    where named.invoice_id is null
),

invoices as (
    select
        invoices.provider,
        invoices.billing_account_id,
        invoices.invoice_id,
        invoices.billing_period,
        invoices.billing_currency,
        invoices.invoiced_cost,
        coalesce(invoices.invoiced_tax_cost, 0) as invoiced_tax_cost,
        coalesce(invoices.invoiced_credit_cost, 0) as invoiced_credit_cost
    from {{ ref('stg_invoices__invoices') }} as invoices
    -- the ledger may name the invoice in another month
    where not exists (
            select 1
            from charges
            where charges.provider = invoices.provider
                and charges.billing_account_id = invoices.billing_account_id
                and charges.invoice_id = invoices.invoice_id
        )
),

ranked as (
    select
        invoices.*,
        months.services,
        months.exported_at,
        months.ledger_billed_cost,
        months.ledger_tax_cost,
        months.ledger_credit_cost,
        count(*) over (
            partition by months.provider, months.billing_account_id, months.billing_period, months.billing_currency
        ) as invoices_together,
        row_number() over (
            partition by months.provider, months.billing_account_id, months.billing_period, months.billing_currency
            order by abs(invoices.invoiced_cost) desc, invoices.invoice_id
        ) as place,
        sum(invoices.invoiced_cost) over (
            partition by months.provider, months.billing_account_id, months.billing_period, months.billing_currency
        ) as together_cost,
        sum(invoices.invoiced_tax_cost) over (
            partition by months.provider, months.billing_account_id, months.billing_period, months.billing_currency
        ) as together_tax_cost,
        sum(invoices.invoiced_credit_cost) over (
            partition by months.provider, months.billing_account_id, months.billing_period, months.billing_currency
        ) as together_credit_cost
    from invoices
    inner join months
        on invoices.provider = months.provider
            and invoices.billing_account_id = months.billing_account_id
            and invoices.billing_period = months.billing_period
            and invoices.billing_currency = months.billing_currency
)

select
    provider,
    billing_account_id,
    invoice_id,
    billing_period,
    billing_currency,
    invoices_together,
    services,
    exported_at,
    invoiced_cost + case when place = 1 then ledger_billed_cost - together_cost else 0 end as ledger_billed_cost,
    invoiced_tax_cost + case when place = 1 then ledger_tax_cost - together_tax_cost else 0 end as ledger_tax_cost,
    invoiced_credit_cost
    + case when place = 1 then ledger_credit_cost - together_credit_cost else 0 end as ledger_credit_cost
from ranked
