"""The environment variables of Cloudtally and their defaults, read here and nowhere else in the package.

Here: where the lake, the warehouse file and the schemas are. Not here: opening any of them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)://")


def lake() -> str:
    """The lake's root, a path or URI (CLOUDTALLY_LAKE, default ./lake)."""
    return os.environ.get("CLOUDTALLY_LAKE") or "./lake"


def warehouse() -> str:
    """The DuckDB file (CLOUDTALLY_WAREHOUSE; default inside a local lake, else in the working folder)."""
    chosen = os.environ.get("CLOUDTALLY_WAREHOUSE")
    if chosen:
        return chosen
    root = lake()
    return (
        "./warehouse.duckdb"
        if scheme(root) not in (None, "file")
        else os.path.join(local(root), "warehouse.duckdb")
    )


def schema_prefix() -> str:
    """What stands before every schema name (CLOUDTALLY_SCHEMA_PREFIX, default empty)."""
    return os.environ.get("CLOUDTALLY_SCHEMA_PREFIX", "")


def cache() -> Path:
    """Where what is not Python's is kept between runs (CLOUDTALLY_CACHE, default ~/.cache/cloudtally)."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("CLOUDTALLY_CACHE") or os.path.join(home, "cloudtally")).expanduser().resolve()


def scheme(uri: str) -> str | None:
    """The lower-case scheme of a URI, None for a plain path."""
    found = _SCHEME.match(uri)
    return found.group(1).lower() if found else None


def local(uri: str) -> str:
    """A plain path from a path or a file:// URI."""
    return uri[len("file://") :] if uri.lower().startswith("file://") else uri
