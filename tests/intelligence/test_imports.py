"""Python models run side by side in dbt's threads, and each imports what it needs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
AT_ONCE = """
import sys, threading
faults = []
def run(imports):
    start.wait()
    try:
        exec(imports)
    except ImportError as fault:
        faults.append(str(fault))
start = threading.Barrier(len(sys.argv) - 1)
threads = [threading.Thread(target=run, args=[imports]) for imports in sys.argv[1:]]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit("; ".join(faults) or 0)
"""


def test_models_that_import_at_the_same_time_all_get_what_they_need() -> None:
    sources = [path.read_text() for path in sorted((PROJECT / "python_models").rglob("*.py"))]
    imports = ["\n".join(re.findall(r"^from intelligence[^(\n]*(?:\([^)]*\))?", s, re.M)) for s in sources]
    assert len(imports) > 2 and all(imports)
    ended = subprocess.run(
        [sys.executable, "-c", AT_ONCE, *imports], cwd=PROJECT, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
