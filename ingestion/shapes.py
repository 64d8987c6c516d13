"""The declared shape of each source, read from the dbt project's models/**/_*__sources.yml.

Here: which columns (and fields of structs) a dataset is known to have. Not here: which of them landing
needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from ingestion.errors import LandingError


@dataclass(frozen=True)
class Shape:
    """Lower-case column paths (`invoice.month`) and prefixes under which any column is known.

    A column is known by every spelling in which the warehouse reads it (`plain`); a field of JSON by its own.
    """

    paths: frozenset[str]
    prefixes: tuple[str, ...]
    kinds: dict[str, Any]  # the declared type of each column, by its plain name

    def knows(self, name: str) -> bool:
        """Whether a column, or a field by its dotted path, is declared."""
        return name.lower() in self.paths or plain(name) in self.kinds

    def kind(self, name: str, in_json: bool = False) -> Any | None:
        """The declared type of a column, None when it is not declared."""
        if in_json and name.lower() not in self.paths:
            return None
        return self.kinds.get(plain(name))

    def unknown(self, columns: Iterable[tuple[str, Any]]) -> tuple[str, ...]:
        """The columns, or fields of known columns, that the shape does not name, of (name, type) pairs."""
        found = []
        for name, kind in columns:
            if name.lower().startswith(self.prefixes):
                continue
            if not self.knows(name):
                found.append(name)
            elif str(self.kind(name)) != "JSON":
                found += [path for path in paths(name, kind)[1:] if path.lower() not in self.paths]
        return tuple(found)


def paths(name: str, kind: Any) -> list[str]:
    """A column's name and, for a struct or a list of structs, the dotted paths of all fields in it."""
    found = [name]
    if kind.id == "list":
        found += paths(name, kind.children[0][1])[1:]
    elif kind.id == "struct":
        for field, inner in kind.children:
            found += paths(f"{name}.{field}", inner)
    return found


def plain(name: str) -> str:
    """What the warehouse tells columns apart by (macros/lake/raw_view.sql): no case, slashes, underscores."""
    return name.lower().replace("_", "").replace("/", "")


def snake(name: str) -> str:
    """How AWS spells a slashed name of the legacy report (`lineItem/UsageType`) in Parquet: an underscore
    before each capital and for each other sign, never two together. Other names only become lower-case.
    """
    if "/" not in name:
        return name.lower()
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"([A-Z])", r"_\1", name).lower())


def spellings(name: str) -> tuple[str, ...]:
    """The lower-case spellings under which the warehouse finds a declared column: its own, and snake_case."""
    parted = name if "/" in name else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return (name.lower(), snake(parted))


def declared(dataset: str) -> Shape:
    """The shape of a dataset. Raises LandingError when the project does not declare it."""
    shape = _shapes(project_root()).get(dataset)
    if shape is None:
        raise LandingError(
            f"{dataset}: no source table of this name in models/**/_*__sources.yml; add its shape there"
        )
    return shape


def project_root() -> Path:
    """The dbt project: the nearest folder with models/ and ingestion/, from here up, then from this code."""
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (folder / "models").is_dir() and (folder / "ingestion").is_dir():
                return folder
    raise LandingError(
        "no Cloudtally project found (a folder with models/ and ingestion/); run from inside it"
    )


@cache
def _shapes(root: Path) -> dict[str, Shape]:
    shapes = {}
    for path in sorted(root.glob("models/**/_*__sources.yml")):
        for source in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("sources", ()):
            shapes |= {table["name"]: _shape(table) for table in source.get("tables", ())}
    return shapes


def _shape(table: dict[str, Any]) -> Shape:
    meta = table.get("meta") or (table.get("config") or {}).get("meta") or {}
    known, kinds = set(), {}
    for column in table.get("columns", ()):
        kind = duckdb.sqltype(column.get("data_type", "varchar"))
        known |= {path.lower() for path in paths(column["name"], kind)} | set(spellings(column["name"]))
        kinds[plain(column["name"])] = kind
    prefixes = (meta.get("pack") or {}).values()
    return Shape(
        frozenset(known),
        tuple(spelling for prefix in prefixes for spelling in (prefix.lower(), snake(prefix))),
        kinds,
    )
