"""The judges read what dbt sent in the tests of an engine that ran before: the last file of all.

A build's models, merges, tests and snapshots and the doctor's questions are among it, each as it was sent first.
"""

from __future__ import annotations

import importlib
from typing import Any

import pytest

pytestmark = [pytest.mark.engines, pytest.mark.slow]


def test_the_real_parser_takes_every_statement(rig: Any) -> None:
    judge = importlib.import_module(f"{rig.target}.judge")
    statements = list(dict.fromkeys(rig.statements()))
    assert len(statements) > 200, "the judge reads what the other tests sent: run all of tests/engines"
    assert judge.rejected(statements) == []
