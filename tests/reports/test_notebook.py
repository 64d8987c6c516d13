"""The example notebook runs, cell by cell, on published copies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from published import publish

NOTEBOOK = Path(__file__).parents[2] / "docs" / "first_look.ipynb"


def test_the_notebook_runs_and_adds_no_currencies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path / "lake")
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    told: dict = {}
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []  # nobody's numbers in the repository
            exec("".join(cell["source"]), told)
    assert len(told["months"]) == 9
    march = told["months"][told["months"]["provider"] == "gamma"]["cost"].iloc[-1]
    assert march == pytest.approx(18 * 16.5)
    assert set(told["services"]["billing_currency"]) == {"EUR", "USD"}
