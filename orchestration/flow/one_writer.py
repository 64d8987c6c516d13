"""DuckDB has one writer: how runs of the flow, commands and readers take turns at the warehouse file.

Here: the pool that all steps at the file share, waiting for whoever else has it, and which failures pass by
themselves. Not here: the steps.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dagster as dg

from ingestion import locks
from orchestration import warehouse
from orchestration.flow import project

POOL = "warehouse"  # one slot: dagster.yaml limits every pool to one
PATIENCE = 900  # seconds to wait for another's build or query
_RETRIES = 3
_PASSING = re.compile(
    r"could not set lock|connection (reset|refused|aborted|timed out)|timed? ?out|temporar(y|ily)|"
    r"too many requests|throttl|slow ?down|service unavailable|50[234] |name resol|deadlock|rate exceeded",
    re.IGNORECASE,
)


@contextmanager
def turn(say: Callable[[str], None]) -> Iterator[None]:
    """The warehouse file for this step alone, as soon as whoever has it lets go. Raises as `passing` does."""
    folder = project.home()
    folder.mkdir(parents=True, exist_ok=True)
    with locks.held(folder):  # Dagster's storage has let two runs into a pool of one; this does not
        if project.target() == "duckdb":
            _wait(say)
        yield


def passing(error: Exception, tried: int) -> Exception:
    """What to raise for `error` in a step that was tried again so often already: another try in a while if it
    may pass by itself, else an end without one.
    """
    if not may_pass(error):
        return dg.Failure(str(error), allow_retries=False)
    return another_try(tried)


def another_try(tried: int) -> dg.RetryRequested:
    """The same step again after 10, 20 and 40 seconds, then no more."""
    return dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=10 * 2**tried)


def may_pass(error: BaseException) -> bool:
    """Whether a failure is the network's, a service's or another process's, not the bill's or the code's."""
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    return _PASSING.search(str(error)) is not None


def _wait(say: Callable[[str], None]) -> None:
    until = time.monotonic() + PATIENCE
    told = ""
    while True:
        try:
            warehouse.ensure_free()
            return
        except warehouse.WarehouseError as error:
            if "another build" not in str(error):
                raise
            if time.monotonic() > until:
                raise TimeoutError(f"waited {PATIENCE} s: {error}") from error
            if told != str(error):
                told = str(error)
                say(f"waiting: {told}")
            time.sleep(1)
