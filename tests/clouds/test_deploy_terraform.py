"""Google's Terraform without a Terraform: it parses, names what there is, and uses only what the provider knows.

The provider's schema is that of google_provider.json. The sink's filter is tried on the log entries that the adapter's
own tests have. Not shown by any of it: what a cloud says to the values.
"""

import copy
import json
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from google_provider import DEPLOY, EXCERPT, declared

sys.path.append(str(Path(__file__).parents[1] / "ingestion"))
from test_adapters import CHANGED, JOB, OLD_JOB, changed, push  # noqa: E402

from ingestion.adapters import gcp  # noqa: E402

hcl2 = pytest.importorskip("hcl2", reason="python-hcl2 is not installed")
TEXTS = {file.name: file.read_text() for file in sorted(DEPLOY.glob("*.tf"))}
CODE = re.sub(r"(?m)^\s*#.*", "", "\n".join(TEXTS.values()))
OF_TERRAFORM = {"for_each", "depends_on", "__is_block__", "__comments__"}


@cache
def parsed():
    return [hcl2.loads(text) for text in TEXTS.values()]


def blocks(kind):
    """The (labels, body) of all blocks of a kind, in all files."""
    for file in parsed():
        for block in file.get(kind, ()):
            labels = []
            while len(block) == 1 and isinstance(inner := next(iter(block.values())), dict):
                labels.append(next(iter(block)).strip('"'))
                block = inner
            yield labels, block


def test_every_reference_is_declared():
    named = {".".join(labels) for labels, _ in blocks("resource")}
    named |= {".".join(["data", *labels]) for labels, _ in blocks("data")}
    used = set(re.findall(r"(?<![\w.\"/])((?:data\.)?google_\w+\.\w+)", CODE))
    assert len(named) > 20 and used and used <= named
    assert set(re.findall(r"\bvar\.(\w+)", CODE)) == {label for [label], _ in blocks("variable")}
    assert set(re.findall(r"\blocal\.(\w+)", CODE)) == {
        name for _, body in blocks("locals") for name in body if name not in OF_TERRAFORM
    }


def fits(body, schema, where):
    """What is wrong with a block: attributes that there are not, and those that are needed."""
    given = body.keys() - OF_TERRAFORM
    yield from (f"{where}: no {name}" for name in given - {*schema["required"], *schema["optional"]})
    yield from (f"{where}: needs {name}" for name in schema["required"] if name not in given)
    for name in given & schema["blocks"].keys():
        for inner in body[name] if isinstance(body[name], list) else [body[name]]:
            yield from fits(inner, schema["blocks"][name], f"{where}.{name}")


@pytest.mark.parametrize("kind", ["resource", "data"])
def test_the_provider_knows_all_that_is_used(kind):
    schemas = json.loads(EXCERPT.read_text())
    assert {f"{kind} {name}" for kind, name in declared()} == schemas.keys() - {"package"}, (
        "make the excerpt anew: python tests/clouds/google_provider.py"
    )
    found = list(blocks(kind))
    assert found
    for (name, label), body in found:
        schema = schemas[f"{kind} {name}"]
        assert list(fits(body, schema, f"{name}.{label}")) == []
        prefix = "data." if kind == "data" else ""
        outputs = re.findall(rf"(?<![\w.]){prefix}{name}\.{label}(?:\[[^]]*\])?\.(\w+)", CODE)
        assert set(outputs) <= set(schema["outputs"]), (name, label)


def test_the_check_of_the_schema_can_fail():
    schema = json.loads(EXCERPT.read_text())["resource google_pubsub_subscription"]
    body = {"name": "x", "push_config": [{"oidc_token": [{"audience": "a", "nonsense": 1}]}], "topics": "t"}
    assert set(fits(body, schema, "s")) == {
        "s: no topics",
        "s: needs topic",
        "s.push_config: needs push_endpoint",
        "s.push_config.oidc_token: no nonsense",
        "s.push_config.oidc_token: needs service_account_email",
    }


def sink_filter(table):
    [body] = [body for labels, body in blocks("resource") if labels[0] == "google_logging_project_sink"]
    [paths] = [body["table_paths"] for _, body in blocks("locals") if "table_paths" in body]
    path = re.search(r'key => "(.*)"', paths)[1]
    for name, part in zip(("project", "dataset", "table"), table, strict=True):
        path = path.replace(f"${{bill.{name}}}", part)
    return (
        body["filter"]
        .removeprefix('"<<-EOT')
        .removesuffix('EOT"')
        .replace("${local.table_paths[each.key]}", path)
    )


TOKEN = re.compile(r'\s*(?:([()])|(AND|OR)\b|([\w.]+)(:\*|=~|=)(?:"([^"]*)")?)')


def selects(text, entry):
    """Whether a filter of Google's logging language selects an entry; none that mixes AND and OR unbracketed."""
    tokens = [found.groups() for found in TOKEN.finditer(text)]
    assert TOKEN.sub("", text).strip() == "", "not all of the filter is understood"

    def group():
        values, words = [term()], set()
        while tokens and tokens[0][1]:
            words.add(tokens.pop(0)[1])
            values.append(term())
        assert len(words) < 2, "AND and OR beside each other: Google takes OR first"
        return any(values) if words == {"OR"} else all(values)

    def term():
        bracket, _, path, operator, value = tokens.pop(0)
        if bracket:
            inner = group()
            assert tokens.pop(0)[0] == ")"
            return inner
        found = entry
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        if operator == ":*" or found is None:
            return found is not None
        return bool(re.search(value, found)) if operator == "=~" else found == value

    said = group()
    assert not tokens
    return said


def logged(entry, **paths):
    entry = changed(entry, "protoPayload.serviceName", "bigquery.googleapis.com")
    for path, value in paths.items():
        entry = changed(entry, path.replace("__", "."), value)
    return entry


LOADED = copy.deepcopy(JOB)
LOADED["protoPayload"]["metadata"]["jobChange"]["job"]["jobConfig"] = {
    "loadConfig": {"destinationTable": "projects/acme/datasets/billing/tables/export_v1$20260202"}
}
EXTRACTED = copy.deepcopy(JOB)  # our own EXPORT DATA: its result is a table that nobody named
EXTRACTED["protoPayload"]["metadata"]["jobChange"]["job"]["jobConfig"]["queryConfig"] = {
    "destinationTable": "projects/acme/datasets/_5f0c/tables/anon1b2c"
}


@pytest.mark.parametrize("entry", [JOB, LOADED, CHANGED])
def test_the_sink_sends_what_the_function_lands(entry):
    entry = logged(entry)
    assert selects(sink_filter(("acme", "billing", "export_v1")), entry)
    [event] = gcp.events(push({}, entry))
    assert event["data"]["sources"][0]["uri"] == "bigquery://acme/billing/export_v1"
    for other in (
        ("acme", "billing", "export_v"),
        ("acme", "other", "export_v1"),
        ("x", "billing", "export_v1"),
    ):
        assert not selects(sink_filter(other), entry)


@pytest.mark.parametrize(
    "entry",
    [
        EXTRACTED,
        OLD_JOB,  # no sink that is made today gets this form
        changed(JOB, "protoPayload.metadata.jobChange.after", "RUNNING"),
        changed(CHANGED, "protoPayload.metadata", {"tableDataRead": {"reason": "JOB"}}),
    ],
)
def test_the_sink_keeps_back_what_no_bill_was_written_by(entry):
    assert not selects(sink_filter(("acme", "billing", "export_v1")), logged(entry))


def test_the_deployments_page_names_the_roles_that_are_given():
    page = (DEPLOY.parents[1] / "docs" / "deploy.md").read_text()
    said = page.partition("## Google")[2].partition("\n## ")[0]
    assert set(re.findall(r'role\s+= "(roles/[\w.]+)"', CODE)) == set(re.findall(r"`(roles/[\w.]+)`", said))
