"""One bill in every format that its provider exports gives one ledger.

The demo estate's bill is written again in the provider's other formats; whatever the format, the ledger must hold the
same charges. What a format cannot tell (named in each case) is left out of the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from lakes import Warehouse

from ingestion.shapes import declared

MAPS = ("product", "discount", "cost_category", "resource_tags", "tags")


def files(built: Warehouse, dataset: str) -> str:
    """The files of the dataset's current deliveries, as the provider wrote them."""
    found = built.query(
        f"select path, format from raw.delivery_files where dataset = '{dataset}' and delivery_id in"
        " (select delivery_id from raw.current_slices where is_current = 1) order by path"
    )
    paths = [path for path, _ in found]
    if found[0][1] == "parquet":
        return f"read_parquet({paths}, union_by_name = true, hive_partitioning = false)"
    return f"read_csv({paths}, all_varchar = true, union_by_name = true, hive_partitioning = false)"


def write(sql: str, target: Path, options: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"copy ({sql}) to '{target}' ({options})")


def columns_of(relation: str) -> list[str]:
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute(f"describe select * from {relation}").fetchall()]


def cur2_csv(built: Warehouse, source: Path) -> None:
    bill = files(built, "cur2")
    maps = ", ".join(
        f"cast(to_json({name}) as varchar) as {name}" for name in MAPS if name in columns_of(bill)
    )
    write(f"select * replace ({maps}) from {bill}", source / "cur2.csv.gz", "header, compression gzip")


def legacy_cur(
    built: Warehouse, source: Path, options: str, name: str, spell: Callable[[str], str], tags: str
) -> None:
    """CUR 2.0 flattened: the legacy report has no maps, but a column for each tag, and no account names."""
    bill = files(built, "cur2")
    known = [n for n in columns_of(bill) if n not in MAPS and n in declared("cur").paths]
    with duckdb.connect() as connection:
        keys = [
            row[0]
            for row in connection.execute(
                f"select distinct unnest(map_keys({tags})) from {bill} order by 1"
            ).fetchall()
        ]
    flat = [f'{n} as "{spell(n)}"' for n in known]
    flat += [f"{tags}['{key}'] as \"{key if '/' in key else 'resource_tags_' + key}\"" for key in keys]
    flat.append(f"product['product_name'] as \"{spell('product_product_name')}\"")
    write(f"select {', '.join(flat)} from {bill}", source / name, options)


def slashed(name: str) -> str:
    """line_item_usage_type -> lineItem/UsageType, as the legacy CSV has it."""
    groups = (
        "identity",
        "bill",
        "line_item",
        "pricing",
        "product",
        "reservation",
        "savings_plan",
        "discount",
    )
    groups += ("capacity_reservation", "split_line_item")
    group = next(g for g in groups if name.startswith(g + "_"))
    words = name.removeprefix(group + "_").split("_")
    first = re.sub("_(.)", lambda m: m[1].upper(), group)
    rest = "".join(word.capitalize() for word in words)
    return f"{first}/{rest[0].lower() + rest[1:] if group in ('pricing', 'product') and rest != 'ProductName' else rest}"


def azure_parquet(built: Warehouse, source: Path) -> None:
    for kind in ("actual", "amortized"):
        bill = files(built, f"azure_{kind}")
        write(f"select * from {bill}", source / kind / "part-00000.parquet", "format parquet")


def azure_other_case(built: Warehouse, source: Path) -> None:
    """The Microsoft Customer Agreement's spelling: names in camel case, dates in ISO form."""
    for kind in ("actual", "amortized"):
        bill = files(built, f"azure_{kind}")
        dates = ("Date", "BillingPeriodStartDate", "BillingPeriodEndDate")
        renamed = [
            (f"strftime(strptime(\"{n}\", '%m/%d/%Y'), '%Y-%m-%d')" if n in dates else f'"{n}"')
            + f' as "{n[0].lower() + n[1:]}"'
            for n in columns_of(bill)
        ]
        write(f"select {', '.join(renamed)} from {bill}", source / kind / "part_1.csv", "header")


def gcp_json(built: Warehouse, source: Path) -> None:
    bill = files(built, "gcp_detailed")
    times = ", ".join(
        f"strftime({n}, '%Y-%m-%d %H:%M:%S.%f UTC') as {n}"
        for n in ("usage_start_time", "usage_end_time", "export_time")
    )
    write(
        f"select * replace ({times}) from {bill}",
        source / "rows-000.json.gz",
        "format json, compression gzip",
    )


def focus_parquet(built: Warehouse, source: Path) -> None:
    bill = files(built, "focus")
    costs = ", ".join(
        f"cast({n} as decimal(30, 15)) as {n}"
        for n in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
    )
    times = ", ".join(
        f"cast({n} as timestamptz) as {n}"
        for n in ("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd")
    )
    write(f"select * replace ({costs}, {times}) from {bill}", source / "focus.parquet", "format parquet")


def focus_1_3(built: Warehouse, source: Path) -> None:
    """FOCUS 1.3 names who provides by role."""
    bill = files(built, "focus")
    write(
        f"select * exclude (ProviderName, PublisherName), ProviderName as ServiceProviderName, "
        f"ProviderName as HostProviderName from {bill}",
        source / "focus.csv",
        "header",
    )


ROUTES = {
    "first": {
        "aws": cur2_csv,
        "azure": azure_parquet,
        "gcp": gcp_json,
        "focus": focus_parquet,
    },
    "second": {
        "aws": lambda b, s: legacy_cur(
            b, s, "format parquet", "cur.parquet", lambda name: name, "resource_tags"
        ),
        "azure": azure_other_case,
        "focus": focus_1_3,
    },
    "third": {
        "aws": lambda b, s: legacy_cur(b, s, "header", "cur.csv", slashed, "tags"),
    },
}
CHARGES = """
    select billing_period, billing_account_id, sub_account_id, billing_currency, charge_category, charge_class,
        charge_frequency, service_name, service_category, sku_id, region_id, resource_id, commitment_discount_id,
        commitment_discount_status, pricing_category, charge_period_start, charge_period_end,
        {tags} as tags,
        round(pricing_quantity, 9) as pricing_quantity, billed_cost, effective_cost, list_cost, contracted_cost
    from marts.cost_and_usage where provider {is_provider} order by all
"""
# Keys in no order. The legacy report's Parquet spells them in snake case, so there they are not compared.
TAGS = "map_from_entries(list_sort(map_entries(cast(cast(tags as json) as map(varchar, varchar)))))"
PROVIDERS = {
    "aws": "= 'aws'",
    "azure": "= 'azure'",
    "gcp": "= 'gcp'",
    "focus": "not in ('aws', 'azure', 'gcp')",
}


@pytest.fixture(scope="module")
def rewritten(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Warehouse]:
    warehouses = {}
    for route, writers in ROUTES.items():
        folder = tmp_path_factory.mktemp(route)
        warehouses[route] = Warehouse(folder / "lake")
        for provider, writer in writers.items():
            writer(built, folder / provider)
            warehouses[route].land(provider, folder / provider)
        warehouses[route].build(
            "--select",
            "+reconciliation",
            "--exclude-resource-type",
            "test",
            "--exclude-resource-type",
            "unit_test",
        )
    return warehouses


@pytest.mark.parametrize(("route", "provider"), [(r, p) for r, writers in ROUTES.items() for p in writers])
def test_the_ledger_is_the_same_in_every_format(built, rewritten, route: str, provider: str):
    tags = "null" if (route, provider) == ("second", "aws") else TAGS
    asked = CHARGES.format(is_provider=PROVIDERS[provider], tags=tags)
    expected, got = built.query(asked), rewritten[route].query(asked)
    assert len(expected) > 100
    assert len(got) == len(expected)
    assert [pair for pair in zip(got, expected, strict=True) if pair[0] != pair[1]][:3] == []


@pytest.mark.parametrize("route", ROUTES)
def test_every_format_reconciles(rewritten, route: str):
    assert (
        rewritten[route].query(
            "select * from marts.reconciliation where greatest(abs(coalesce(residual, 0)), abs(coalesce(effective_residual, 0)))"
            " > greatest(1e-6, 1e-12 * raw_rows)"
        )
        == []
    )
