"""Invoice totals of any provider: what was invoiced, beside the bill that says what for.

Here: the signs by which their columns are known. Not here: which provider they are of (the command's, or
of `tally land focus` the one that each row names) and reading the data (inspection.py).
"""

from __future__ import annotations

DATASET = "invoices"

# columns that stand on charges and never on invoices
_OF_CHARGES = {
    "chargeperiodstart",
    "chargeperiodend",
    "effectivecost",
    "listcost",
    "contractedcost",
    "chargetype",
    "metercategory",
    "subscriptionid",
    "costinbillingcurrency",
}


def recognise(columns: set[str]) -> bool:
    """Whether a file with these lower-case columns holds invoices, spelt with or without underscores."""
    plain = {column.replace("_", "") for column in columns}
    marks = {"billingaccountid", "billingperiodstart", "billingperiod", "billingcurrency"}
    marks |= {"invoicedcost", "billedcost"}
    return "invoiceid" in plain and len(marks & plain) >= 2 and not _OF_CHARGES & plain
