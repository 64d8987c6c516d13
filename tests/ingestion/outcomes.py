"""What the landing tests expect of a landing: one delivery, or a refusal that leaves the lake as it was."""

import pytest
from tiny_bills import stored

from ingestion import LandingError, land


def only(result):
    assert (result.skipped, result.refused) == ((), ())
    (delivery,) = result.landed
    return delivery


def refused(provider, source, lake, **options) -> str:
    """The message of a landing that fails and leaves not one file."""
    with pytest.raises(LandingError) as caught:
        land(provider, str(source), lake, **options)
    assert stored(lake) == []
    return caught.value.message
