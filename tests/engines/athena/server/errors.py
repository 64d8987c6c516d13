"""How a statement fails: with the words that Athena would use where they are known, as dbt reads some of them."""

from __future__ import annotations


class QueryFailed(Exception):
    """A statement that ends in the state FAILED; the text becomes its StateChangeReason."""
