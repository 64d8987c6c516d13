"""The detailed usage cost table as BigQuery writes it to Parquet: nested records, lists of records, no maps.

Belongs here: names and types. Does not: values.
"""

import pyarrow as pa

TEXT, FLOAT, NUMERIC, TIME = pa.string(), pa.float64(), pa.decimal128(38, 9), pa.timestamp("us", tz="UTC")


def record(**fields: pa.DataType) -> pa.StructType:
    return pa.struct(list(fields.items()))


def texts(*names: str) -> pa.StructType:
    return pa.struct([(name, TEXT) for name in names])


KEY_VALUES = pa.list_(texts("key", "value"))
CREDIT = record(id=TEXT, full_name=TEXT, type=TEXT, name=TEXT, amount=FLOAT)
PROJECT = record(
    id=TEXT,
    number=TEXT,
    name=TEXT,
    labels=KEY_VALUES,
    ancestry_numbers=TEXT,
    ancestors=pa.list_(texts("resource_name", "display_name")),
)
PRICE = record(
    effective_price=NUMERIC,
    tier_start_amount=NUMERIC,
    unit=TEXT,
    pricing_unit_quantity=NUMERIC,
    list_price=NUMERIC,
    effective_price_default=NUMERIC,
    list_price_consumption_model=NUMERIC,
)
USAGE = record(amount=FLOAT, unit=TEXT, amount_in_pricing_units=FLOAT, pricing_unit=TEXT)
TAGS = pa.list_(record(key=TEXT, value=TEXT, inherited=pa.bool_(), namespace=TEXT))

SCHEMA = pa.schema(
    {
        "billing_account_id": TEXT,
        "invoice": texts("month", "publisher_type"),
        "cost_type": TEXT,
        "service": texts("id", "description"),
        "sku": texts("id", "description"),
        "usage_start_time": TIME,
        "usage_end_time": TIME,
        "project": PROJECT,
        "labels": KEY_VALUES,
        "system_labels": KEY_VALUES,
        "location": texts("location", "country", "region", "zone"),
        "tags": TAGS,
        "transaction_type": TEXT,
        "seller_name": TEXT,
        "export_time": TIME,
        "cost": FLOAT,
        "currency": TEXT,
        "currency_conversion_rate": FLOAT,
        "usage": USAGE,
        "credits": pa.list_(CREDIT),
        "adjustment_info": texts("id", "description", "mode", "type"),
        "cost_at_list": FLOAT,
        "cost_at_effective_price_default": NUMERIC,
        "cost_at_list_consumption_model": NUMERIC,
        "consumption_model": texts("id", "description"),
        "price": PRICE,
        "resource": texts("name", "global_name"),
        "subscription": texts("instance_id"),
    }
)
