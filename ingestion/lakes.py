"""The lake, wherever it is: a folder of this machine or a path in a bucket.

Here: the choice between the two, which have the same methods. Not here: either of them.
"""

from __future__ import annotations

import os
from pathlib import Path

from ingestion import environment
from ingestion.lake import Lake
from ingestion.object_lake import ObjectLake

AnyLake = Lake | ObjectLake


def open_lake(root: str | os.PathLike[str]) -> AnyLake:
    """Raises LandingError when the lake cannot be reached."""
    if isinstance(root, Path) or environment.is_local(str(root)):
        return Lake(root)
    return ObjectLake(str(root))
