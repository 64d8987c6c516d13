"""What a person can mend, told in one line instead of a traceback.

Here: which errors are of that kind. Not here: their messages, which each error brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from ingestion import LandingError
from orchestration import demo_estate, landed, rule_seeds, slices, warehouse
from orchestration.terminal import fail


@contextmanager
def told() -> Iterator[None]:
    """What a person can mend is a message and exit code 1, not a traceback."""
    try:
        yield
    except LandingError as error:
        if error.result is not None:
            landed.show(error.result)  # other deliveries of the source that were settled before
        fail(error.message)
    except (
        warehouse.WarehouseError,
        rule_seeds.RuleSeedError,
        slices.NoSlice,
        demo_estate.NoDemo,
        duckdb.Error,
    ) as error:
        fail(str(error))
