"""How a dbt model, seed or snapshot looks in Dagster: key, group, owners, kinds, metadata, partitions.

Here: what is read from the model's yml and place, so that a new model appears without a line of Python. Not
here: running it (models.py).

A model's yml may say, all optional, under `config: meta:`: `grain` (shown), `owner` or `owners` (an address
or a team's name), and anything else that is a text, a number or a truth value (shown). `meta: dagster:
{group: ...}` puts it elsewhere than its folder does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from orchestration import history
from orchestration.flow import intelligence, raw

_NOT_SHOWN = {"dagster", "owner", "owners"}
_FOLDERLESS = {"seed": "seeds", "snapshot": "snapshots"}


class Translator(DagsterDbtTranslator):
    """Shows dbt's resources; those that keep a landing's slices of the ledger get `months` as partitions."""

    def __init__(self, months: dg.PartitionsDefinition) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))
        self.months = months

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`<schema>/<name>` without the schema's prefix; all sources of a landing are its one raw asset, and
        of the history each table is one.
        """
        if dbt_resource_props["resource_type"] == "source":
            if _is_history(dbt_resource_props):
                return intelligence.key(dbt_resource_props["name"])
            return raw.key(dbt_resource_props["source_name"])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer, or `intelligence`, or what the yml says."""
        chosen = super().get_group_name(dbt_resource_props)
        kind = dbt_resource_props["resource_type"]
        if _is_history(dbt_resource_props):
            return "intelligence"
        if chosen or kind == "source":
            return chosen or "raw"
        return _FOLDERLESS.get(kind) or (
            "intelligence" if is_intelligence(dbt_resource_props) else _layer(dbt_resource_props)
        )

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str] | None:
        """`owner` or `owners` of the yml: addresses as they are, anything else as a team."""
        said = _meta(dbt_resource_props)
        named = said.get("owners") or said.get("owner") or super().get_owners(dbt_resource_props) or []
        return [_owner(name) for name in ([named] if isinstance(named, str) else named)] or None

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Columns and relation, as dagster-dbt has them, and the plain values of the yml's meta."""
        said = {
            name: value
            for name, value in _meta(dbt_resource_props).items()
            if name not in _NOT_SHOWN and isinstance(value, str | int | float | bool)
        }
        return {**super().get_metadata(dbt_resource_props), **said}

    def get_partitions_def(self, dbt_resource_props: Mapping[str, Any]) -> dg.PartitionsDefinition | None:
        """The months, for a landing's part of the ledger."""
        return self.months if landing_of(dbt_resource_props) else None

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """dagster-dbt's, with the kinds of what is built: a view, a table, slices, Python."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        if props["resource_type"] == "source":
            return spec
        made = "python" if props.get("language") == "python" else props["config"].get("materialized")
        return spec.replace_attributes(kinds={*spec.kinds, made} if made else spec.kinds)


def landing_of(props: Mapping[str, Any]) -> str | None:
    """The landing (aws, azure, gcp, focus) whose slices of the ledger a model keeps; None for any other
    model.
    """
    found = re.fullmatch(r"stg_(\w+?)__focus", props["name"])
    return found[1] if found and props["config"].get("materialized") == "sliced" else None


def is_intelligence(props: Mapping[str, Any]) -> bool:
    """Whether a model is computed by intelligence/ or tells of it."""
    return "intelligence" in props["fqn"][1:-1]


def after_intelligence(manifest: Mapping[str, Any]) -> set[str]:
    """The ids of intelligence and of all that reads it: what waits for the run that computes it."""
    return descendants(manifest, {name for name, node in manifest["nodes"].items() if is_intelligence(node)})


def descendants(manifest: Mapping[str, Any], names: set[str]) -> set[str]:
    """These ids and those of all that reads them, tests included."""
    found = set(names)
    waiting = list(found)
    while waiting:
        children = set(manifest["child_map"].get(waiting.pop(), ())) & manifest["nodes"].keys()
        waiting += children - found
        found |= children
    return found


def _is_history(props: Mapping[str, Any]) -> bool:
    return props.get("source_name") == history.FOLDER


def _layer(props: Mapping[str, Any]) -> str | None:
    return props["fqn"][1] if len(props["fqn"]) > 2 else None


def _meta(props: Mapping[str, Any]) -> Mapping[str, Any]:
    return props.get("config", {}).get("meta") or props.get("meta") or {}


def _owner(name: str) -> str:
    return name if "@" in name or name.startswith("team:") else f"team:{name}"
