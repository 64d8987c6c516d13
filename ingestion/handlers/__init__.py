"""Functions that the clouds call: who may call is checked, the rest is receiving.py's.

Here: the answer that a function gives by HTTP. One module a cloud; each is the entry point of its deployment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name, as HTTP leaves their case open."""
    return {name.lower(): value for name, value in headers.items()}
