"""`tally ci-report`: what a change of models does to the fixtures, against the branch that it goes to.

Here: building the base once, building of the change only what differs and what hangs on it, comparing rows
and totals, and the first rows of failed tests. Not here: how it is printed (pull_request_page.py).

Both are built in one folder, one after the other, since a lake's path is part of what dbt compares: of the
base stay a copy of the lake, its totals and its manifest (the state). Models that did not change are not
built again; those of the base are there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

Prepare = Callable[
    [Path, Path], None
]  # fills a lake (second) with what the code of a tree (first) makes of it
Progress = Callable[[str], None]
Totals = dict[str, dict[str, Any]]  # model to {"rows": n, "totals": {"column currency": sum}}
_LIMIT = 1800  # seconds, of any one step
_SHOWN_ROWS = 3


class CannotCompare(Exception):
    """The base or the change could not be built at all; the message says why and what to do."""


@dataclass(frozen=True)
class Change:
    """A model that was built: `kind` is new, changed, follows (from a changed one) or gone."""

    model: str
    kind: str
    rows_before: int | None = None
    rows_after: int | None = None
    moved: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """A model or test that failed: dbt's words, and of a data test the first rows that offend."""

    name: str
    message: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The change against the commit `base`."""

    base: str
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]


def compare(project: Path, ref: str, room: Path, prepare: Prepare, progress: Progress) -> Comparison:
    """Build the merge base with `ref` if it is not built yet, then the working tree's changes on top of it.

    `room` is a folder of its own, kept between runs. Raises CannotCompare.
    """
    base = _git(project, "merge-base", "HEAD", ref)
    if not (room / "base.json").exists() or json.loads((room / "base.json").read_text())["commit"] != base:
        _build_base(project, base, room, prepare, progress)
    progress("building what changed and what hangs on it")
    _copy(room / "base-lake", room / "lake")
    ended = _dbt(project, room, ["build", "--select", "state:modified+", "--state", str(room / "state")])
    results = room / "target" / "run_results.json"
    if ended.returncode not in (0, 1) or not results.exists():
        raise CannotCompare(f"dbt could not build the change:\n{_last(ended.stdout)}")
    before = json.loads((room / "base.json").read_text())["totals"]
    states = [json.loads((f / "manifest.json").read_text()) for f in (room / "state", room / "target")]
    built = json.loads(results.read_text())["results"]
    with duckdb.connect(str(_warehouse(room)), read_only=True) as connection:
        changes = _changes(connection, before, *states, [result["unique_id"] for result in built])
        faults = [
            _fault(connection, states[1], result)
            for result in built
            if result["status"] in ("error", "fail", "runtime error")
        ]
    return Comparison(base, tuple(changes), tuple(faults))


def fixtures(tree: Path, lake: Path) -> None:
    """The estate of `make fixtures`, made and landed by the code of a tree."""
    estate = lake.parent / "estate"
    shutil.rmtree(estate, ignore_errors=True)
    commands = [["demo", "--out", str(estate), "--months", "3", "--scale", "0.05"]]
    for provider in ("aws", "azure", "gcp", "focus"):
        commands.append(["ingestion", provider, str(estate / provider), "--estate", "demo"])
    for command in commands:
        ended = _run([sys.executable, "-m", *command], tree, lake)
        if ended.returncode:
            raise CannotCompare(f"the base's fixtures could not be made:\n{_last(ended.stdout)}")


def _build_base(project: Path, commit: str, room: Path, prepare: Prepare, progress: Progress) -> None:
    progress(f"building the base, {commit[:10]}, once")
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    tree = room / "tree"
    _git(project, "worktree", "prune")
    _git(project, "worktree", "add", "--detach", str(tree), commit)
    try:
        prepare(tree, room / "lake")
        ended = _dbt(tree, room, ["build"])
    finally:
        _git(project, "worktree", "remove", "--force", str(tree))
    if ended.returncode:
        raise CannotCompare(
            f"the base itself does not build, so nothing can be compared:\n{_last(ended.stdout)}"
        )
    manifest = json.loads((room / "target" / "manifest.json").read_text())
    with duckdb.connect(str(_warehouse(room)), read_only=True) as connection:
        models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
        totals = {node["unique_id"]: _totals(connection, node) for node in models}
    _copy(room / "lake", room / "base-lake")
    _copy(room / "target", room / "state")
    (room / "base.json").write_text(json.dumps({"commit": commit, "totals": totals}))


def _changes(
    connection: duckdb.DuckDBPyConnection, before: Totals, base: Mapping, head: Mapping, built: list[str]
) -> list[Change]:
    changes = []
    for key in built:
        if not key.startswith("model."):
            continue
        node, was = head["nodes"][key], base["nodes"].get(key)
        kind = "new" if was is None else "follows" if _same(was, node) else "changed"
        now, then = _totals(connection, node) or {}, before.get(key) or {}
        sums = {name: (then.get("totals", {}).get(name), now.get("totals", {}).get(name)) for name in
                sorted({*then.get("totals", {}), *now.get("totals", {})})}  # fmt: skip
        moved = {name: pair for name, pair in sums.items() if pair[0] != pair[1]} if was else {}
        changes.append(Change(node["name"], kind, then.get("rows"), now.get("rows"), moved))
    gone = [
        node["name"]
        for key, node in base["nodes"].items()
        if key.startswith("model.") and key not in head["nodes"]
    ]
    return changes + [Change(name, "gone") for name in sorted(gone)]


def _same(was: Mapping, now: Mapping) -> bool:
    return was["checksum"] == now["checksum"] and was["unrendered_config"] == now["unrendered_config"]


def _totals(connection: duckdb.DuckDBPyConnection, node: Mapping) -> dict[str, Any] | None:
    """Rows, and the sums of money by currency; None of what is no relation, such as an ephemeral model."""
    relation = f'"{node["schema"]}"."{node["alias"]}"'
    try:
        described = connection.execute(f"describe {relation}").fetchall()
        [(rows,)] = connection.execute(f"select count(*) from {relation}").fetchall()
    except duckdb.Error:
        return None
    money = [name for name, type_, *_ in described if type_.startswith("DECIMAL")]
    currency = "billing_currency" if any(name == "billing_currency" for name, *_ in described) else "''"
    totals: dict[str, str] = {}
    if money:
        sums = ", ".join(f'sum("{name}")' for name in money)
        grouped = f"select {currency}, {sums} from {relation} group by 1 order by 1"
        for code, *amounts in connection.execute(grouped).fetchall():
            told = zip(money, amounts, strict=True)
            totals |= {
                f"{name} {code or ''}".strip(): f"{amount:.6f}" for name, amount in told if amount is not None
            }
    return {"rows": rows, "totals": totals}


def _fault(connection: duckdb.DuckDBPyConnection, manifest: Mapping, result: Mapping) -> Fault:
    node = manifest["nodes"].get(result["unique_id"]) or manifest["unit_tests"].get(result["unique_id"], {})
    name, message = node.get("name", result["unique_id"]), (result["message"] or "").strip()
    if node.get("resource_type") == "test" and result["status"] == "fail" and result.get("compiled_code"):
        try:
            found = connection.execute(f"select * from ({result['compiled_code']}) limit {_SHOWN_ROWS}")
            return Fault(name, message, tuple(c[0] for c in found.description), tuple(found.fetchall()))
        except duckdb.Error:  # a test whose query stands on its own has told enough
            pass
    return Fault(name, message)


def _warehouse(room: Path) -> Path:
    return room / "lake" / "warehouse.duckdb"


def _dbt(project: Path, room: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    places = [
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(project),
        "--target-path",
        str(room / "target"),
    ]
    options = ["--log-path", str(room / "logs"), "--no-use-colors", "--quiet"]
    return _run([sys.executable, "-m", "dbt.cli.main", *options, *arguments, *places], project, room / "lake")


def _run(command: list[str], tree: Path, lake: Path) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "PYTHONPATH": str(tree), "CLOUDTALLY_LAKE": str(lake)}
    told["CLOUDTALLY_WAREHOUSE"] = str(lake / "warehouse.duckdb")
    lake.mkdir(parents=True, exist_ok=True)
    try:
        return subprocess.run(
            command,
            cwd=tree,
            env=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise CannotCompare(f"{' '.join(command[2:4])} took longer than {_LIMIT} s and was stopped") from None


def _git(project: Path, *arguments: str) -> str:
    ended = subprocess.run(
        ["git", "-C", str(project), *arguments], capture_output=True, text=True, timeout=120
    )
    if ended.returncode:
        raise CannotCompare(
            f"git {' '.join(arguments)}: {ended.stderr.strip()}; is {project} a checkout that has it?"
        )
    return ended.stdout.strip()


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)


def _last(output: str) -> str:
    return "\n".join(f"    {line}" for line in output.strip().splitlines()[-15:])
