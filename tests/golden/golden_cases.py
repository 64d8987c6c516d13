"""Golden cases: folders of a small bill and the ledger rows that a person computed for it.

Here: reading a case, writing its files as the cloud names them, landing them. Not here: what is asserted.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import cloud_manifests
import duckdb
import yaml
from lakes import PROJECT, Warehouse

FOLDER = Path(__file__).parent
DEFAULT_EXPORTED = datetime(2026, 2, 6, tzinfo=UTC)
PLACES = Decimal("1e-9")


@dataclass(frozen=True)
class Case:
    """One case folder: case.yml, the bills it names, expected.csv."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def about(self) -> dict[str, Any]:
        return yaml.safe_load((self.folder / "case.yml").read_text(encoding="utf-8"))

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files in the order of their landings; a file may override the case's dataset and scope."""
        shared = {name: self.about[name] for name in ("dataset", "scope") if name in self.about}
        return sorted((shared | file for file in self.about["files"]), key=_landing)

    def rows(self, input: str) -> list[dict[str, str]]:
        """A bill's rows as text, for either kind of bill."""
        text = (self.folder / input).read_text(encoding="utf-8")
        if input.endswith(".json"):
            return [json.loads(line) for line in text.splitlines()]
        return list(csv.DictReader(text.splitlines()))

    @cached_property
    def expected(self) -> tuple[list[str], list[list[str | None]]]:
        """The ledger columns of expected.csv without `because`, and its rows; a blank cell is null."""
        header, *rows = csv.reader((self.folder / "expected.csv").read_text(encoding="utf-8").splitlines())
        assert header[-1] == "because" and all(len(row) == len(header) for row in rows), self.name
        return header[:-1], [[cell or None for cell in row[:-1]] for row in rows]


def cases() -> list[Case]:
    """All case folders, by name."""
    return [Case(path.parent) for path in sorted(FOLDER.glob("*/case.yml"))]


def land(case: Case, warehouse: Warehouse, source: Path) -> list[str]:
    """Write the case's files below `source`, land them in order, and return the ids of the deliveries."""
    ids = []
    for number, (key, group) in enumerate(groupby(case.files, _landing)):
        _, dataset, scope = key
        files = list(group)
        root = source / str(number)
        for file in files:
            _write(case, file, root / file["path"])
        cloud_manifests.write(root, case, files)
        options = {"dataset": dataset, "scope": scope}
        result = warehouse.land(case.about["provider"], root, **{k: v for k, v in options.items() if v})
        assert result.landed, f"{case.name}: nothing was landed, {result}"
        ids += [delivery.delivery_id for delivery in result.landed]
    return ids


def comparable(value: object, kind: str) -> str | None:
    """A value as the comparison sees it: numbers to 1e-9, JSON in no order of keys, a midnight as its day."""
    if value is None:
        return None
    if kind in ("DOUBLE", "BIGINT", "INTEGER") or kind.startswith("DECIMAL"):
        return f"{Decimal(str(value)).quantize(PLACES) + 0:f}"
    text = str(value)
    if text.startswith("{"):
        return json.dumps(json.loads(text), sort_keys=True)
    return text.removesuffix(" 00:00:00")


def _landing(file: dict[str, Any]) -> tuple[int, str, str]:
    return file.get("landing", 1), file.get("dataset", ""), file.get("scope", "")


def _write(case: Case, file: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if file["format"] == "parquet":
        _write_parquet(case, file, path)
    else:
        content = (case.folder / file["input"]).read_bytes()
        if file["format"] == "json" and file["input"].endswith(".csv"):
            rows = map(_nested, case.rows(file["input"]))
            content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    at = file.get("exported", DEFAULT_EXPORTED).timestamp()
    os.utime(path, (at, at))


def _write_parquet(case: Case, file: dict[str, Any], path: Path) -> None:
    """Columns in the file's `types`, else as the provider's source declares them, else text."""
    rows = [_nested(row) for row in case.rows(file["input"])]
    wanted = _declared(case.about["provider"]) | file.get("types", {})
    lines = path.with_suffix(".lines")
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    columns = {name: wanted.get(name, "varchar") for row in rows for name in row}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        read = f"read_json('{lines}', format = 'newline_delimited', hive_partitioning = false, columns = {columns})"
        connection.execute(f"copy (from {read}) to '{path}' (format parquet)")
    lines.unlink()


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    """A row of CSV with dotted names as fields of structs, cells of JSON lists and objects read, blanks null."""
    found: dict[str, Any] = {}
    for name, cell in row.items():
        struct, _, field = name.rpartition(".")
        value = json.loads(cell) if isinstance(cell, str) and cell[:1] in ("[", "{") else cell
        (found.setdefault(struct, {}) if struct else found)[field] = None if value == "" else value
    return found


def _declared(provider: str) -> dict[str, str]:
    """The types of the provider's columns; of the formats that share a name, the first counts."""
    declared = yaml.safe_load((PROJECT / f"models/base/{provider}/_{provider}__sources.yml").read_text())
    tables = reversed(declared["sources"][0]["tables"])
    return {column["name"]: column["data_type"] for table in tables for column in table["columns"]}
