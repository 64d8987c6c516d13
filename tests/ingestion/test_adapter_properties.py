"""Whatever comes in place of an event is rejected with a reason: no crash, no landing, nothing told."""

import copy
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_adapters import (
    CLOUD_EVENT,
    EVENT_GRID,
    EVENTBRIDGE,
    FINALIZE,
    JSON,
    KNOWN,
    changed,
    made_or_rejected,
)

from ingestion import receiving
from ingestion.adapters import Rejected, aws, azure, gcp

TEXTS = [(adapter, json.dumps(said).encode()) for adapter, said in KNOWN]


@st.composite
def damaged(draw):
    """An adapter and an event of its cloud of which some runs of bytes are lost, doubled or overwritten."""
    adapter, text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        middle = draw(
            st.sampled_from([b"", text[start:end] * 2, b"\x00", b'"', b"\\ud800", b"1e999"])
            | st.binary(max_size=8)
        )
        text = text[:start] + middle + text[end:]
    return adapter, text


@settings(max_examples=500, deadline=None)
@given(damaged())
def test_a_damaged_event_is_made_or_rejected(case):
    made_or_rejected(*case)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([aws, azure, gcp]), st.binary(max_size=3000) | st.text(max_size=1000))
def test_soup_of_bytes_or_text_is_never_an_event(adapter, said):
    with pytest.raises(Rejected) as rejected:
        adapter.events(said)
    assert len(str(rejected.value)) > 10


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damaged()
    | st.tuples(st.sampled_from([aws, azure, gcp]), st.binary(max_size=300) | JSON | JSON.map(json.dumps))
)
def test_what_is_no_event_of_a_watched_place_lands_nothing_and_says_why(monkeypatch, case):
    adapter, said = case
    if not isinstance(said, bytes | str | dict | list):
        said = json.dumps(said)  # no message of a cloud is a bare number
    source = {"provider": "aws", "source": "s3://nobodys/exports", "account": "000000000000"}
    monkeypatch.setenv("CLOUDTALLY_SOURCES", json.dumps([source]))
    with tempfile.TemporaryDirectory() as lake:
        monkeypatch.setenv("CLOUDTALLY_LAKE", lake)
        told = []
        outcomes = receiving.receive(said, adapter, told.append)
        letters = [json.loads(path.read_text()) for path in Path(lake).glob("dead-letters/*.json")]
        assert outcomes and set(outcomes) <= {"dead", "none"} and not told
        assert bool(letters) == ("dead" in outcomes) and all(len(letter["reason"]) > 10 for letter in letters)
        assert not (Path(lake) / "raw").exists()


# no part of a key is empty or a dot; a lone surrogate is no text that a store could name a file by
PART = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=12)
KEYS = st.lists(PART.filter(lambda part: part not in (".", "..")), min_size=1, max_size=4).map("/".join)
SIZES = st.integers(1, 2**60)


@settings(max_examples=200, deadline=None)
@given(KEYS, SIZES, st.text("0123456789abcdef", min_size=1, max_size=32))
def test_any_name_size_and_etag_of_an_object_come_through_unchanged(key, size, etag):
    made = [
        (
            aws,
            changed(
                changed(changed(EVENTBRIDGE, "detail.object.key", key), "detail.object.size", size),
                "detail.object.etag",
                etag,
            ),
        )
    ]
    for grid in (EVENT_GRID, CLOUD_EVENT):
        said = changed(grid, "subject", f"/blobServices/default/containers/exports/blobs/{key}")
        made.append((azure, changed(changed(said, "data.contentLength", size), "data.eTag", etag)))
    said = copy.deepcopy(FINALIZE)
    said["message"]["attributes"] |= {"objectId": key, "objectGeneration": etag, "payloadFormat": "NONE"}
    made.append((gcp, said))
    for adapter, event in made:
        [arrived] = adapter.events(json.dumps(event).encode())
        [source] = arrived["data"]["sources"]
        expected = None if adapter is gcp else size
        assert source["uri"].split("/", 3)[3] == key and (source["etag"], source["size"]) == (etag, expected)
