"""Which statements Athena would refuse, as far as Trino's own grammar and Athena's written rules can tell without it.

The grammar stands in an environment of its own (judge_environment/). Rows and types are the stand-in's to judge: it runs
each statement. Neither is Athena: what passes here may still be refused there.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ENVIRONMENT = Path(__file__).parent / "judge_environment"
LONGEST = 262_144
TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.S)
HIVE = re.compile(r"(create\s+external|create\s+(schema|database)|drop|alter|msck)\s", re.I)
HIVE_FORMS = re.compile(
    r"""create\s+external\s+table\s+(if\s+not\s+exists\s+)?`\w+`\.`\w+`\s*\(.*\)(?=.*\blocation\s*'s3://[^']+/?').*
    |create\s+(schema|database)\s+(if\s+not\s+exists\s+)?`\w+`
    |drop\s+(table|view|schema|database)\s+(if\s+exists\s+)?[`"]?\w+[`"]?(\.[`"]?\w+[`"]?)?(\s+cascade)?
    |alter\s+table\s+`\w+`\.`\w+`\s+(rename\s+to\s+`\w+`\.`\w+`|add\s.*|drop\s.*|set\s+tblproperties.*)""",
    re.I | re.S | re.X,
)
CREATED = re.compile(r"create\s+table\s+(\S+)\s+with\s*\(.*?table_type\s*=\s*'(\w+)'", re.I | re.S)
CHANGED = re.compile(r"(?:merge\s+into|delete\s+from|update)\s+(\S+)", re.I)


def rejected(statements: Iterable[str]) -> list[str]:
    """Every broken rule as `rule: the statement's beginning`, each once. Texts that differ in literals are read once."""
    said: dict[str, None] = {}
    trino: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for sql in statements:
        bare = without_comments(sql).strip().rstrip(";").strip()
        beginning = " ".join(bare.split())[:100]
        for rule in _broken(sql, bare, kinds):
            said[f"{rule}: {beginning}"] = None
        if not HIVE.match(bare) and not re.match(r"(optimize|vacuum)\s", bare, re.I):
            trino.setdefault(without_literals(bare), beginning)
    for fault, beginning in zip(_faults(list(trino)), trino.values(), strict=True):
        if fault:
            said[f"{fault}: {beginning}"] = None
    return list(said)


def _broken(sql: str, bare: str, kinds: dict[str, str]) -> Iterator[str]:
    """Athena's own rules; `kinds` holds the type of each table that the statements before made."""
    if len(sql.encode()) > LONGEST:
        yield f"longer than {LONGEST} bytes"
    if HIVE.match(bare) and not HIVE_FORMS.fullmatch(bare):
        yield "not a form of Athena's DDL"
    if created := CREATED.match(bare):
        kinds[created[1].lower()] = created[2].lower()
    if (changed := CHANGED.match(bare)) and kinds.get(changed[1].lower(), "iceberg") != "iceberg":
        yield "only rows of Iceberg tables can be changed"


def without_comments(sql: str) -> str:
    return TOKEN.sub(lambda found: " " if found[0].startswith(("--", "/*")) else found[0], sql)


def without_literals(sql: str) -> str:
    """Every text as an empty one: the grammar does not look into them."""
    return TOKEN.sub(lambda found: "''" if found[0].startswith("'") else found[0], sql)


def _faults(statements: list[str]) -> list[str | None]:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    left_out = ("VIRTUAL_ENV", "PYTHONPATH")
    environment = {key: value for key, value in os.environ.items() if key not in left_out}
    environment |= {
        "UV_PROJECT_ENVIRONMENT": str(cache / "cloudtally" / "athena-judge"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = subprocess.run(
        [
            "uv",
            "run",
            "--quiet",
            "--frozen",
            "--project",
            str(ENVIRONMENT),
            "python",
            str(ENVIRONMENT / "grammar.py"),
        ],
        input=json.dumps(statements),
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    if run.returncode:
        raise RuntimeError(f"the judge of Trino's grammar failed:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout)
