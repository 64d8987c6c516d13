"""What GoogleSQL's own analyzer says of statements meant for BigQuery: the real parser and types, without an account.

One process is started at the first call and kept, since loading the analyzer takes its time. Not here: the analysis
(analyzer/analyze.py, in an environment of its own).
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "analyzer"


def rejected(statements: Iterable[str]) -> list[str]:
    """The errors of those statements that BigQuery would refuse, each with the statement's beginning; in their order.

    Tables are known from the statements before that made them, so a build's statements are given from its start.
    """
    _ask({"forget": True})
    errors = []
    for sql in statements:
        if error := _ask({"sql": sql})["error"]:
            errors.append(f"{error}\n    in: {sql.strip()[:500]}")
    return errors


def environment() -> Path:
    """Where the judge's environment lies: outside the project's, kept between runs."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return home / "cloudtally" / "bigquery-analyzer"


@cache
def _analyzer() -> subprocess.Popen:
    started = subprocess.Popen(
        ["uv", "run", "--locked", "--project", str(HERE), "python", str(HERE / "analyze.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"UV_PROJECT_ENVIRONMENT": str(environment())},
    )
    atexit.register(_end, started)
    return started


def _ask(question: dict) -> dict:
    analyzer = _analyzer()
    analyzer.stdin.write(json.dumps(question) + "\n")
    analyzer.stdin.flush()
    answer = analyzer.stdout.readline()
    if not answer:
        raise RuntimeError(f"the analyzer ended with {analyzer.wait()}")
    return json.loads(answer)


def _end(started: subprocess.Popen) -> None:
    started.stdin.close()  # it reads to the end of its input
    try:
        started.wait(timeout=10)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()
