-- Each invoice beside the ledger's charges that are its, and invoices that the ledger names and nobody landed.
with months as (
    select
        provider,
        billing_account_id,
        billing_period,
        max(exported_at) as exported_at
    from {{ ref('int_invoices__ledger_charges') }}
    group by provider, billing_account_id, billing_period
),

currencies as (
    select distinct
        provider,
        billing_account_id,
        invoice_id,
        billing_period,
        billing_currency
    from {{ ref('int_invoices__ledger_charges') }}
),

-- the ledger bills the invoice, or a month in which it names none, but in other currencies
in_other_currency as (
    select distinct
        invoices.provider,
        invoices.billing_account_id,
        invoices.invoice_id,
        invoices.billing_period,
        invoices.billing_currency
    from {{ ref('stg_invoices__invoices') }} as invoices
    inner join currencies
        on invoices.provider = currencies.provider
            and invoices.billing_account_id = currencies.billing_account_id
            and (
                invoices.invoice_id = currencies.invoice_id
                or (currencies.invoice_id is null and invoices.billing_period = currencies.billing_period)
            )
            and invoices.billing_currency <> currencies.billing_currency
),

matched as (
    select
        coalesce(invoices.provider, named.provider) as provider,
        coalesce(invoices.billing_account_id, named.billing_account_id) as billing_account_id,
        coalesce(invoices.invoice_id, named.invoice_id) as invoice_id,
        coalesce(invoices.billing_period, named.billing_period) as billing_period,
        coalesce(invoices.billing_currency, named.billing_currency) as billing_currency,
        invoices.issue_date,
        invoices.invoice_lines,
        invoices.invoiced_cost,
        invoices.invoiced_tax_cost,
        invoices.invoiced_credit_cost,
        case when named.invoice_id is null then 0 else 1 end as is_named,
        named.services,
        named.ledger_billed_cost,
        named.ledger_tax_cost,
        named.ledger_credit_cost
    from {{ ref('stg_invoices__invoices') }} as invoices
    full outer join {{ ref('int_invoices__named_charges') }} as named
        on invoices.provider = named.provider
            and invoices.billing_account_id = named.billing_account_id
            and invoices.invoice_id = named.invoice_id
            and invoices.billing_period = named.billing_period
            and invoices.billing_currency = named.billing_currency
)

select
    matched.provider,
    matched.billing_account_id,
    matched.invoice_id,
    matched.billing_period,
    matched.billing_currency,
    case
        when matched.invoiced_cost is null then 'not_landed'
        when matched.is_named = 1 then 'invoice_id'
        when unnamed.invoices_together > 1 then 'account_and_period_together'
        when unnamed.invoices_together = 1 then 'account_and_period'
        when other_currencies.invoice_id is not null then 'other_currency'
        else 'nothing'
    end as matched_by,
    matched.issue_date,
    months.exported_at,
    matched.invoice_lines,
    coalesce(matched.services, unnamed.services) as services,
    matched.invoiced_cost,
    matched.invoiced_tax_cost,
    matched.invoiced_credit_cost,
    coalesce(matched.ledger_billed_cost, unnamed.ledger_billed_cost) as ledger_billed_cost,
    coalesce(matched.ledger_tax_cost, unnamed.ledger_tax_cost) as ledger_tax_cost,
    coalesce(matched.ledger_credit_cost, unnamed.ledger_credit_cost) as ledger_credit_cost
from matched
left join {{ ref('int_invoices__unnamed_charges') }} as unnamed
    on matched.provider = unnamed.provider
        and matched.billing_account_id = unnamed.billing_account_id
        and matched.invoice_id = unnamed.invoice_id
        and matched.billing_period = unnamed.billing_period
        and matched.billing_currency = unnamed.billing_currency
left join in_other_currency as other_currencies
    on matched.provider = other_currencies.provider
        and matched.billing_account_id = other_currencies.billing_account_id
        and matched.invoice_id = other_currencies.invoice_id
        and matched.billing_period = other_currencies.billing_period
        and matched.billing_currency = other_currencies.billing_currency
left join months
    on matched.provider = months.provider
        and matched.billing_account_id = months.billing_account_id
        and matched.billing_period = months.billing_period
