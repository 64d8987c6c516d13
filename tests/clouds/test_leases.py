"""Who may judge and publish in a lake in a bucket: the lease, as each store keeps it."""

import json
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from cloud_servers import contents, whole
from tiny_bills import cur_row

from ingestion import buckets, land, leases
from ingestion.errors import SourceChanged, Unreachable
from ingestion.lakes import open_lake
from ingestion.leases import Lease
from ingestion.records import parse_time


def test_nothing_is_removed_of_a_lake_that_another_took_over(bucket, bills):
    (delivery,) = land("aws", str(bills.write("a.csv", [cur_row()])), f"{bucket}/lake").landed
    lake, store = open_lake(f"{bucket}/lake"), buckets.open_bucket(buckets.address(bucket))
    with lake.lock():
        store.put("lake/.lease", b'{"holder": "other", "until": "2999-01-01T00:00:00.000000Z"}')
        lake._lease._taken = float("-inf")  # long ago
        with pytest.raises(SourceChanged, match="another took the lake over"):
            lake.remove(delivery)
    assert whole(f"{bucket}/lake", delivery)


def test_a_lease_that_nobody_gave_back_is_taken_over(bucket, bills):
    store = buckets.open_bucket(buckets.address(bucket))
    store.put("lake/.lease", b'{"holder": "dead", "until": "2026-01-01T00:00:00.000000Z"}')
    assert land("aws", str(bills.write("a.csv", [cur_row()])), f"{bucket}/lake").landed
    with Lease(store, "lake/.lease").held():
        assert b"dead" not in contents(bucket)["lake/.lease"]


def test_a_holder_who_comes_late_leaves_anothers_lease_alone(bucket, monkeypatch):
    store = buckets.open_bucket(buckets.address(bucket))
    late, other, third = (Lease(store, ".lease") for _ in range(3))
    with ExitStack() as held:
        with monkeypatch.context() as no_time:
            no_time.setattr(leases, "_TIME", timedelta(0))
            held.enter_context(late.held())
        with other.held():
            of_other = contents(bucket)
            with monkeypatch.context() as no_time:
                no_time.setattr(leases, "_TIME", timedelta(0))
                with pytest.raises(SourceChanged, match="another took the lake over"):
                    late.keep()
            held.close()
            assert contents(bucket) == of_other
            with monkeypatch.context() as impatient:
                impatient.setattr(leases, "_PATIENCE", 0)
                with pytest.raises(Unreachable, match="have held the lake"), third.held():
                    pass
        with third.held() as alone:
            assert not alone and contents(bucket) != of_other


def test_who_takes_a_lease_anew_knows_whether_another_had_it(bucket):
    store = buckets.open_bucket(buckets.address(bucket))
    one, other = (Lease(store, ".lease") for _ in range(2))
    seen = []
    for lease in (one, one, other, one, one):
        with lease.held() as alone:
            seen.append(alone)
    assert seen == [False, True, False, False, True]
    store.delete(".lease")  # as a person may whom the message tells to
    with one.held() as alone:
        assert not alone and store.head(".lease")


def test_a_lease_whose_answer_was_lost_is_taken_for_its_whole_time(bucket, monkeypatch):
    store = buckets.open_bucket(buckets.address(bucket))
    lease = Lease(store, ".lease")
    with monkeypatch.context() as little_time:
        little_time.setattr(leases, "_TIME", timedelta(seconds=30))
        assert lease._write(leases._due(), instead="")
    with lease.held() as alone:
        until = json.loads(contents(bucket)[".lease"])["until"]
        assert not alone and parse_time(until) > datetime.now(UTC) + timedelta(seconds=60)
        lease._taken = float("-inf")
        lease.keep()  # by the etag of what it wrote
