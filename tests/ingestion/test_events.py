"""`cost.ingested`: each delivery is told of once, in order, and what no event is makes no trouble."""

import json
from datetime import UTC, datetime

import pytest
from tiny_bills import cur_row

from ingestion import cloudevents, events, land, rollback
from ingestion.lake import Lake


def told(lake):
    return [events.read(Lake(lake), name) for name in events.names(Lake(lake))]


def test_a_landing_tells_what_it_touched(bills, lake):
    bills.write("one.csv", [cur_row(), cur_row(bill__BillingPeriodStartDate="2026-02-01T00:00:00.000Z")])
    [delivery] = land("aws", str(bills.root), lake).landed
    [event] = told(lake)
    assert (event.id, event.landing, event.dataset, event.rows) == (delivery.delivery_id, "aws", "cur", 2)
    assert event.slices == (("aws", "2026-01-01"), ("aws", "2026-02-01")) and event.months == (
        "2026-01",
        "2026-02",
    )


def test_an_event_is_a_cloudevent_whose_subject_is_the_delivery(bills, lake):
    bills.write("one.csv", [cur_row()])
    [delivery] = land("aws", str(bills.root), lake).landed
    [name] = events.names(Lake(lake))
    said = json.loads((lake / "events" / name).read_text())
    assert (said["type"], said["id"]) == ("com.cloudtally.cost.ingested.v1", delivery.delivery_id)
    assert cloudevents.checked(said, cloudevents.INGESTED)["specversion"] == "1.0"
    [source] = said["data"]["sources"]
    assert source == {"uri": (bills.root / "one.csv").as_uri(), "etag": None, "size": delivery.bytes}
    assert {"source", "time"} <= said.keys() and (lake / said["subject"] / "delivery.json").exists()


def test_a_landing_that_brings_nothing_tells_nothing(bills, lake):
    bills.write("one.csv", [cur_row()])
    land("aws", str(bills.root), lake)
    assert land("aws", str(bills.root), lake).skipped
    assert len(told(lake)) == 1


def test_events_sort_in_the_order_of_landings_and_rollbacks(bills, lake):
    bills.write("one.csv", [cur_row()])
    [first] = land("aws", str(bills.root), lake).landed
    bills.write("one.csv", [cur_row(lineItem__UnblendedCost="9")], at=datetime(2026, 2, 3, tzinfo=UTC))
    [second] = land("aws", str(bills.root), lake).landed
    restored = rollback(lake, first.delivery_id)
    assert [event.id for event in told(lake)] == [d.delivery_id for d in (first, second, restored)]


def test_what_a_killed_landing_left_out_is_made_good_once(bills, lake):
    bills.write("one.csv", [cur_row()])
    [delivery] = land("aws", str(bills.root), lake).landed
    [name] = events.names(Lake(lake))
    (lake / "events" / name).unlink()
    assert (events.announce_missing(Lake(lake)), events.announce_missing(Lake(lake))) == (1, 0)
    assert [event.id for event in told(lake)] == [delivery.delivery_id]


def test_a_clock_that_was_set_back_puts_no_event_before_those_that_were_read(bills, lake):
    (lake / "events").mkdir(parents=True)
    ahead = "29990101T000000000000Z-0123456789abcdef.json"
    (lake / "events" / ahead).write_text("{}")
    bills.write("one.csv", [cur_row()])
    land("aws", str(bills.root), lake)
    assert len(events.names(Lake(lake), after=ahead)) == 1


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"type": "cost.ingested", "specversion": "1.0", "id": "x", "data": {"slices": [{}]}}'],
)
def test_what_is_no_event_is_named(lake, text):
    (lake / "events").mkdir(parents=True)
    (lake / "events" / "broken.json").write_text(text)
    with pytest.raises(events.NoEvent, match=r"broken\.json"):
        events.read(Lake(lake), "broken.json")


def test_another_type_is_no_event_of_ours(lake):
    (lake / "events").mkdir(parents=True)
    (lake / "events" / "other.json").write_text('{"type": "cost.deleted", "specversion": "1.0"}')
    with pytest.raises(events.NoEvent, match=r"cost\.deleted"):
        events.read(Lake(lake), "other.json")


def test_events_of_the_first_form_are_read_still(lake):
    (lake / "events").mkdir(parents=True)
    data = {"provider": "aws", "dataset": "cur", "scope": "s", "landed_at": "2026-02-02T00:00:00.000000Z"}
    data |= {
        "rows": 2,
        "bytes": 9,
        "slices": [{"provider": "aws", "billing_period": "2026-01-01", "rows": 2}],
    }
    said = {"specversion": "1.0", "id": "d1", "source": "/cloudtally/lake", "type": "cost.ingested"}
    said |= {"time": "2026-02-02T00:00:00.000000Z", "datacontenttype": "application/json", "data": data}
    (lake / "events" / "a.json").write_text(json.dumps(said))
    event = events.read(Lake(lake), "a.json")
    assert (event.id, event.months, event.rows) == ("d1", ("2026-01",), 2)
