"""The house rules of layers, names and keys, each told to who breaks it: where, what is wrong, what to do.

Here: reading dbt's manifest. Not here: what SQL may say (portable_sql.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

PREFIXES = {"base": "base_", "staging": "stg_", "intermediate": "int_"}
KEY_TESTS = {
    "unique": "unique",
    "unique_together": "unique",
    "not_null": "not null",
    "not_null_when": "not null",
}


def broken(manifest: dict) -> list[str]:
    """A sentence for each rule that a model breaks; none when all keep to them."""
    return [said for rule in RULES for node in models(manifest) for said in rule(manifest, node)]


def models(manifest: dict) -> list[dict]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(node: dict) -> str:
    return node["fqn"][1]


def _yml(node: dict) -> str:
    return node["original_file_path"].removesuffix(".sql").removesuffix(".py") + ".yml"


def name_tells_the_layer(manifest: dict, node: dict) -> Iterator[str]:
    prefix = PREFIXES.get(layer(node), "")
    if not node["name"].startswith(prefix):
        yield (
            f"{node['original_file_path']}: a model of models/{layer(node)} is named {prefix}<topic>__<what>, so that "
            f"readers know its layer; rename it, or move it to models/marts if people are to query it"
        )


def stands_with_its_topic(manifest: dict, node: dict) -> Iterator[str]:
    if layer(node) in ("intermediate", "marts") and len(node["fqn"]) != 4:
        topics = sorted(
            {
                other["fqn"][2]
                for other in models(manifest)
                if len(other["fqn"]) == 4 and layer(other) == "marts"
            }
        )
        yield (
            f"{node['original_file_path']}: stands with no topic; move it to models/{layer(node)}/<topic>/, of "
            f"{', '.join(topics)}, so that what leads to a mart is found beside it"
        )


def only_base_and_staging_read_bills(manifest: dict, node: dict) -> Iterator[str]:
    for parent in node["depends_on"]["nodes"]:
        bills = parent.startswith("source.") and parent.split(".")[2] not in ("lake", "history")
        if bills and layer(node) not in ("base", "staging"):
            source = ".".join(parent.split(".")[-2:])
            yield (
                f"{node['original_file_path']}: reads the bill {source} itself, whose shape differs by provider and "
                "format; read the ledger, ref('cost_and_usage'), or another mart"
            )


def is_described(manifest: dict, node: dict) -> Iterator[str]:
    if not node["patch_path"]:
        yield f"{node['original_file_path']}: nothing describes it; write {_yml(node)}, like that of its neighbours"
        return
    if not node["description"].strip():
        yield f"{_yml(node)}: has no description; say what the model is for, how to use it and where it misleads"
    if not node["config"]["meta"].get("grain"):
        yield (
            f"{_yml(node)}: does not say what a row is; add config: {{meta: {{grain: one row per …}}}}, the same words "
            "that you would tell a colleague"
        )


def a_mart_promises_its_columns(manifest: dict, node: dict) -> Iterator[str]:
    if layer(node) != "marts":
        return
    if not node["contract"]["enforced"]:
        yield (
            f"{_yml(node)}: a mart has a contract, for dashboards break without a word where a column goes; leave "
            "contract as models/marts has it, and give every column a data_type"
        )
    bare = [name for name, column in node["columns"].items() if not column["description"].strip()]
    if bare:
        yield (
            f"{_yml(node)}: {', '.join(bare)} without a meaning; describe it once in docs/columns/ as a doc block and "
            "refer to that here"
        )


def money_has_its_currency(manifest: dict, node: dict) -> Iterator[str]:
    money = [name for name in node["columns"] if name.endswith("_cost")]
    if layer(node) == "marts" and money and "billing_currency" not in node["columns"]:
        yield (
            f"{_yml(node)}: {money[0]} stands without billing_currency, so one would add euros to dollars; select it "
            "and group by it"
        )


def key_is_tested(manifest: dict, node: dict) -> Iterator[str]:
    """In the model, or where meta.key_tested_in says, up or down the stream; staging's in the ledger."""
    name = node["name"]
    where = node["config"]["meta"].get(
        "key_tested_in", "cost_and_usage" if layer(node) == "staging" else name
    )
    if f"model.cloudtally.{where}" not in manifest["nodes"]:
        yield f"{_yml(node)}: key_tested_in names {where}, and there is no such model"
    elif (
        where != name and not _is_upstream(manifest, name, where) and not _is_upstream(manifest, where, name)
    ):
        yield f"{_yml(node)}: key_tested_in names {where}, which has none of its rows; name a model up or down its stream"
    elif lacking := {"unique", "not null"} - _key_tests(manifest, where):
        yield (
            f"{_yml(node)}: no test holds the key of {where} to be {' and '.join(sorted(lacking))}; add unique_together and "
            "not_null_when over the columns of its grain, or money will be counted twice some day"
        )


RULES: tuple[Callable[[dict, dict], Iterator[str]], ...] = (
    name_tells_the_layer,
    stands_with_its_topic,
    only_base_and_staging_read_bills,
    is_described,
    a_mart_promises_its_columns,
    money_has_its_currency,
    key_is_tested,
)


def _key_tests(manifest: dict, name: str) -> set[str]:
    return {
        KEY_TESTS[node["test_metadata"]["name"]]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name") in KEY_TESTS
        and node["attached_node"] == f"model.cloudtally.{name}"
    }


def _is_upstream(manifest: dict, name: str, downstream: str) -> bool:
    parents = [
        manifest["nodes"][parent]["name"]
        for parent in manifest["nodes"][f"model.cloudtally.{downstream}"]["depends_on"]["nodes"]
        if parent.startswith("model.")
    ]
    return name in parents or any(_is_upstream(manifest, name, parent) for parent in parents)
