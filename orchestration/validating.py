"""What `tally validate` does: the ledger's FOCUS view, or a file, against FOCUS's rules and their repairs.

Here: what is validated, which failures are excused, the verdict. Not here: running the validator, choosing
rows, printing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from orchestration import exporting, validator_environment, validator_rows, warehouse

MODELS = ("official", "repaired")
VERSIONS = ("1.2",)  # the only version whose model the validator brings along
LIMIT = 300_000  # rows a provider; half a million took 1.5 GB of memory and 80 seconds
WAIVERS = validator_environment.PROJECT / "waivers.yml"


@dataclass(frozen=True)
class Waiver:
    """A failure that is no fault of ours: the rule, where it applies ("any" or one value) and why."""

    rule: str
    model: str
    provider: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether the waiver excuses the finding."""
        return (
            self.rule == finding.rule
            and self.model in ("any", finding.model)
            and self.provider in ("any", finding.provider)
        )


@dataclass(frozen=True)
class Finding:
    """A rule that failed: where, on how many rows, what it demands, up to two offending values."""

    model: str
    provider: str
    rule: str
    violations: int
    requirement: str
    samples: list[dict] = field(default_factory=list)
    waiver: Waiver | None = None

    @property
    def kind(self) -> str:
        """`waived`; `advice` for what FOCUS only recommends (SHOULD, MAY); else `failed`."""
        if self.waiver is not None:
            return "waived"
        return "failed" if "MUST" in self.requirement else "advice"


@dataclass
class Report:
    """One validation: rows by provider, rules executed and passed by (model, provider), and what failed."""

    rows: dict[str, validator_rows.Rows] = field(default_factory=dict)
    executed: dict[tuple[str, str], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unused: list[Waiver] = field(default_factory=list)

    def of(self, kind: str) -> list[Finding]:
        """The findings of one kind."""
        return [finding for finding in self.findings if finding.kind == kind]

    @property
    def passed(self) -> bool:
        """True when every rule holds that FOCUS demands and no waiver excuses."""
        return not self.of("failed")


def validate(
    models: tuple[str, ...] = MODELS,
    file: Path | None = None,
    version: str = "1.2",
    limit: int = LIMIT,
    progress: Callable[[str], None] = lambda step: None,
) -> Report:
    """Validate a FOCUS file, or without one each provider's part of the ledger.

    Raises Unavailable where the validator cannot run, ExportError where the ledger cannot be read.
    """
    waivers = read_waivers()
    report = Report()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, source in (_ledger(version, folder, progress) if file is None else {"file": file}).items():
            report.rows[name] = validator_rows.choose(source, folder, limit)
        for model in models:
            progress(f"{model} model")
            results = validator_environment.run(model, {n: rows.path for n, rows in report.rows.items()})
            for provider, entries in results.items():
                leaves = [entry for entry in entries if not entry["composite"]]
                report.executed[model, provider] = sum(entry["status"] != "skipped" for entry in leaves)
                report.findings += [
                    _finding(model, provider, entry, waivers)
                    for entry in leaves
                    if entry["status"] == "failed"
                ]
    used = {finding.waiver for finding in report.findings}
    report.unused = [waiver for waiver in waivers if waiver not in used and waiver.model in ("any", *models)]
    return report


def read_waivers() -> list[Waiver]:
    """The waivers in validation/waivers.yml."""
    return [Waiver(**waiver) for waiver in yaml.safe_load(WAIVERS.read_text(encoding="utf-8"))["waivers"]]


def _ledger(version: str, folder: Path, progress: Callable[[str], None]) -> dict[str, Path]:
    """One exported file a provider, since a rule that one provider breaks is hidden by another's rows."""
    with warehouse.reading() as connection:
        names = exporting.providers(connection)
    if not names:
        raise exporting.ExportError("the ledger is empty: nothing to validate")
    files = {}
    for name in names:
        progress(f"exporting {name}")
        files[name] = exporting.export_focus(version, folder / f"{name}.parquet", provider=name).path
    return files


def _finding(model: str, provider: str, entry: dict, waivers: list[Waiver]) -> Finding:
    finding = Finding(
        model, provider, entry["rule"], entry["violations"], entry["requirement"], entry["samples"]
    )
    excuse = next((waiver for waiver in waivers if waiver.covers(finding)), None)
    return Finding(**{**finding.__dict__, "waiver": excuse})
