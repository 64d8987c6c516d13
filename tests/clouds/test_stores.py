"""Landing from and to the clouds' stores: the same deliveries as on disk, by each cloud's own protocol."""

import os
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cloud_servers import KEY, PLANTED, contents, environment_of, upload, whole
from tiny_bills import Bills, cur_row, stored

from ingestion import LandingError, buckets, events, land, object_lake, prune, rollback
from ingestion.errors import Incomplete, Unreachable
from ingestion.lakes import open_lake

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("of", ["disk", "the same bucket", "another bucket"])
def test_a_bill_lands_in_a_bucket(cloud, bucket, bills, of):
    bills.export("2026-01", chunks=2)
    source = str(bills.root)
    if of != "disk":
        source = (bucket if of == "the same bucket" else cloud.make("another")) + "/bills"
        upload(bills.root, source)
    lake = f"{bucket}/lake"
    (delivery,) = land("aws", source, lake).landed
    assert delivery.rows == 4 and whole(lake, delivery)
    assert [file.etag is None for file in delivery.files] == [of == "disk"] * 2
    assert open_lake(lake).deliveries() == [delivery]
    [event] = [events.read(open_lake(lake), name) for name in events.names(open_lake(lake))]
    assert (event.id, event.months) == (delivery.delivery_id, ("2026-01",))
    [again] = land("aws", source, lake).skipped
    assert again.delivery_id == delivery.delivery_id and len(contents(f"{lake}/raw")) == 3


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_the_store_can_copy_by_itself_is_not_written_from_here(
    cloud, bucket, bills, monkeypatch, elsewhere
):
    from ingestion.buckets import google_bucket, obstore_bucket

    # Google copies from any bucket; of Azure and S3 both are the lake's own
    source = (
        cloud.make(bucket[5:].replace("bucket", "elsewhere")) if elsewhere and cloud.name == "gs" else bucket
    )
    upload(bills.write("a.csv", [cur_row()]).parent, f"{source}/bills")
    written = []
    for kind in (google_bucket.GoogleBucket, obstore_bucket.ObstoreBucket):
        put = kind.put
        monkeypatch.setattr(
            kind, "put", lambda *args, put=put, **more: written.append(args[2]) or put(*args, **more)
        )
    (delivery,) = land("aws", f"{source}/bills", f"{bucket}/lake").landed
    assert written and not [content for content in written if isinstance(content, Path)]
    monkeypatch.undo()
    for key, value in cloud.environment.items():
        monkeypatch.setenv(key, value)
    assert whole(f"{bucket}/lake", delivery)


def test_a_bill_lands_from_a_bucket_on_disk(bucket, bills, tmp_path):
    bills.export("2026-01", chunks=2)
    bills.write("exports2/elsewhere.csv", [cur_row()])
    bills.write("exports/.hidden/x.csv", "not a bill")
    upload(bills.root, bucket)
    (delivery,) = land("aws", f"{bucket}/exports", tmp_path / "lake").landed
    assert delivery.rows == 4 and len(stored(tmp_path / "lake")) == 3
    assert {file.source_uri for file in delivery.files} == {
        f"{bucket}/exports/{file.source_key}" for file in delivery.files
    }
    (one,) = land("aws", f"{bucket}/exports2/elsewhere.csv", tmp_path / "lake").landed
    assert one.dataset == "cur"


def test_files_that_the_manifest_names_are_waited_for(bucket, bills, tmp_path):
    manifest = bills.export("2026-01")
    assert buckets.open_bucket(buckets.address(bucket)).put("x/cur-Manifest.json", manifest)
    with pytest.raises(Incomplete, match="x/cur-Manifest.json: the manifest names s3://bucket/exports"):
        land("aws", bucket, tmp_path / "lake")
    assert not stored(tmp_path / "lake")


def test_a_bill_that_is_rewritten_while_it_is_copied_is_read_again(bucket, bills):
    upload(bills.write("a.csv", [cur_row()]).parent, f"{bucket}/bills")
    rewritten = []

    def rewrite(label, done, total):
        if not rewritten:
            bills.write("a.csv", [cur_row(), cur_row()])
            rewritten.append(upload(bills.root, f"{bucket}/bills"))

    (delivery,) = land("aws", f"{bucket}/bills", f"{bucket}/lake", progress=rewrite).landed
    assert delivery.rows == 2 and whole(f"{bucket}/lake", delivery)


def test_landings_of_one_bill_at_once_land_it_once(bucket, bills):
    upload(bills.write("a.csv", [cur_row()] * 500).parent, f"{bucket}/bills")
    results, lake = [], f"{bucket}/lake"
    work = [
        threading.Thread(target=lambda: results.append(land("aws", f"{bucket}/bills", lake)))
        for _ in range(6)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert sorted(len(result.landed) for result in results) == [0] * 5 + [1]
    assert sum(len(result.skipped) for result in results) == 5
    assert len(open_lake(lake).deliveries()) == len(events.names(open_lake(lake))) == 1


def test_an_older_delivery_counts_again_and_is_pruned(bucket, bills):
    lake = f"{bucket}/lake"
    (first,) = land("aws", str(bills.write("a.csv", [cur_row()])), lake).landed
    newer = bills.write("a.csv", [cur_row(), cur_row()], at=datetime(2026, 2, 3, tzinfo=UTC))
    (second,) = land("aws", str(newer), lake).landed
    restored = rollback(lake, first.delivery_id)
    assert whole(lake, restored) and restored.restores == first.delivery_id
    assert prune(lake, keep=1) == (first, second)
    assert open_lake(lake).deliveries() == [restored] and len(contents(f"{lake}/raw")) == 2


def test_an_object_is_created_once_and_replaced_only_as_it_was_known(bucket):
    store = buckets.open_bucket(buckets.address(bucket))
    known = store.put("a/b c=1", b"1", absent=True)
    assert known == store.head("a/b c=1").etag
    assert store.put("a/b c=1", b"2", absent=True) == ""
    newer = store.put("a/b c=1", b"3", instead=known)
    assert newer == store.head("a/b c=1").etag != known
    assert store.put("a/b c=1", b"4", instead=known) == ""
    assert contents(bucket) == {"a/b c=1": b"3"}


def counted(monkeypatch, kind):
    """The calls of a bucket that are made from now on, by method and what stands behind the lake's name."""
    calls = Counter()

    def counting(name):
        method = getattr(kind, name)

        def call(self, path, *args, **more):
            place = path if isinstance(path, str) else path.path
            calls[name, "raw" if place.endswith("lake/raw/") else ""] += 1
            return method(self, path, *args, **more)

        return call

    for name in ("list", "head", "read", "put", "copy", "delete"):
        monkeypatch.setattr(kind, name, counting(name))
    return calls


def test_one_run_looks_through_the_lake_once_however_much_it_lands(bucket, bills, monkeypatch):
    """Each export of a run costs the same calls; of what was there before, each record is read once."""
    store = buckets.open_bucket(buckets.address(bucket))
    made = {}
    for there in (0, 3):
        for count in (1, 2, 4):
            lake = f"{bucket}/{there}-{count}/lake"
            for number in range(there):
                land("aws", str(bills.write("a.csv", [cur_row()])), lake, scope=f"s{number}")
            exports = Bills(bills.root / f"{there}-{count}")
            for month in range(1, count + 1):
                exports.export(f"2026-{month:02}")
            with monkeypatch.context() as patch:
                patch.setattr(object_lake, "_known", {})  # as in a process of its own
                calls = counted(patch, type(store))
                assert len(land("aws", str(exports.root), lake).landed) == count
            assert calls["list", "raw"] == 1
            made[there, count] = calls
    for there in (0, 3):
        one, two, four = (made[there, count] for count in (1, 2, 4))
        each = {call: two[call] - one[call] for call in two}
        assert {call: four[call] - two[call] for call in four} == {call: 2 * n for call, n in each.items()}
    assert made[3, 4]["read", ""] - made[0, 4]["read", ""] == 3 + 1  # records, and who held the lease before


def test_a_large_file_is_written_in_parts_and_proven(bucket, bills, tmp_path):
    content = os.urandom(20 << 20)
    (tmp_path / "large").write_bytes(content)
    store = buckets.open_bucket(buckets.address(bucket))
    assert store.put("large", tmp_path / "large")
    found = store.head("large")
    assert found.size == 20 << 20 and contents(bucket)["large"] == content
    assert store.proves(found, tmp_path / "large") == (not bucket.startswith("abfss"))
    (tmp_path / "large").write_bytes(content[:-1] + b"!")
    assert not store.proves(found, tmp_path / "large")


def test_no_such_bucket_is_told(cloud, bucket, bills, tmp_path):
    missing = bucket.replace("bucket-", "missing-")
    with pytest.raises(LandingError, match="no such bucket") as told:
        land("aws", missing, tmp_path / "lake")
    assert missing in told.value.message
    with pytest.raises(LandingError, match="no such bucket"):
        land("aws", str(bills.write("a.csv", [cur_row()])), f"{missing}/lake")


def test_a_server_that_does_not_answer_may_be_tried_again(cloud, bucket, tmp_path, monkeypatch):
    if cloud.name == "gs":
        pytest.skip("Google's client tries for two minutes, and cannot be told otherwise from outside")
    from ingestion.buckets import obstore_bucket

    monkeypatch.setattr(obstore_bucket, "_RETRY", {"max_retries": 1})
    for name in ("AWS_ENDPOINT_URL", "AZURE_STORAGE_ENDPOINT"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/devstoreaccount1")
    with pytest.raises(Unreachable, match="no answer"):
        land("aws", bucket, tmp_path / "lake")


def test_a_server_that_fails_now_and_then_is_tried_again(enter, bills, monkeypatch):
    """Every third request is answered with 503, and of a large file half a part and then nothing."""
    cloud = enter("s3")
    bucket = cloud.make("flaky")
    (bills.root / "noise.bin").write_bytes(os.urandom(20 << 20))
    bills.write("bills/a.csv", [cur_row()] * 1000)
    upload(bills.root, bucket)
    failed = []

    class Flaky(BaseHTTPRequestHandler):
        count = 0

        def do_GET(self):
            Flaky.count += 1
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if Flaky.count % 3 == 0:
                failed.append(self.path)
                self.send_response(503)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            asked = HTTPConnection("127.0.0.1", cloud.port)
            asked.request(self.command, self.path, body, dict(self.headers))
            got = asked.getresponse()
            data = got.read()
            self.send_response(got.status)
            for name, value in got.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", got.getheader("Content-Length") or str(len(data)))
            self.end_headers()
            cut = len(data) > 1 << 20 and Flaky.count % 4 == 0
            if cut:
                failed.append("cut")
                self.close_connection = True
            self.wfile.write(data[: len(data) // 2] if cut else data)

        do_PUT = do_POST = do_DELETE = do_HEAD = do_GET

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Flaky)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    (delivery,) = land("aws", f"{bucket}/bills", f"{bucket}/lake").landed
    assert whole(f"{bucket}/lake", delivery) and len(failed) > 3
    for _ in range(3):
        assert contents(bucket)["noise.bin"] == (bills.root / "noise.bin").read_bytes()
    server.shutdown()
    assert "cut" in failed


def test_no_secret_is_told_or_kept(cloud, bucket, bills, capfd, monkeypatch):
    upload(bills.write("a.csv", [cur_row()]).parent, f"{bucket}/bills")
    land("aws", f"{bucket}/bills", f"{bucket}/lake")
    said = [data.decode() for data in contents(f"{bucket}/lake").values()]
    with pytest.raises(LandingError) as told:
        land("aws", bucket.replace("bucket-", "missing-"), f"{bucket}/lake")
    said += [told.value.message, repr(told.value.__cause__), *capfd.readouterr()]
    assert not [text for text in said for secret in (PLANTED, KEY) if secret in text]


def test_wrong_credentials_are_told(enter, bills, monkeypatch):
    azure = enter("azure")
    container = azure.make("wrong-key")
    wrong = "c2VjcmV0" * 10 + "AAAA"
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", wrong)
    with pytest.raises(
        LandingError, match="no permission to read it; grant Storage Blob Data Reader"
    ) as told:
        land("azure", container, bills.root.parent / "lake")
    assert wrong not in told.value.message


def test_missing_credentials_are_told(enter, bills, monkeypatch):
    cloud = enter("s3")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(LandingError, match="no AWS credentials were found; set AWS_PROFILE"):
        land("aws", cloud.make("closed"), bills.root.parent / "lake")


def test_the_clients_may_be_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "ingestion.buckets.obstore_bucket", raising=False)
    monkeypatch.delattr(buckets, "obstore_bucket", raising=False)
    with pytest.raises(LandingError, match=r"pip install 'cloudtally\[cloud\]'"):
        buckets.open_bucket(buckets.address("s3://bucket"))


STREAMED = """
import resource, sys
from pathlib import Path
from ingestion import copying
from ingestion.stores import open_store
store = open_store(sys.argv[1])
(entry,) = store.list()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
copying.copy(store, entry, Path(sys.argv[2]), lambda size: None)
store.bucket.put("again", Path(sys.argv[2]) / entry.name)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_does_not_grow_with_the_file(enter, tmp_path):
    cloud = enter("s3")
    bucket = cloud.make("memory")
    (tmp_path / "large").write_bytes(os.urandom(1 << 20) * 240)
    buckets.open_bucket(buckets.address(bucket)).put("bills/large", tmp_path / "large")
    run = subprocess.run(
        [sys.executable, "-c", STREAMED, f"{bucket}/bills/large", str(tmp_path / "copy")],
        env=environment_of(cloud) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 140, "megabytes, for a file of 240"
    assert (tmp_path / "copy" / "large").stat().st_size == 240 << 20


def test_objects_are_written_with_the_key_and_read_at_the_readers_cost(enter, bills, monkeypatch):
    import boto3

    cloud = enter("s3")
    bucket, key = cloud.make("encrypted"), "arn:aws:kms:us-east-1:111122223333:key/k-1"
    monkeypatch.setenv("CLOUDTALLY_KMS_KEY", key)
    monkeypatch.setenv("CLOUDTALLY_REQUESTER_PAYS", "1")
    (delivery,) = land("aws", str(bills.write("a.csv", [cur_row()])), f"{bucket}/lake").landed
    store = buckets.open_bucket(buckets.address(bucket), writing=True)
    assert store.put("lake/raw/in-parts", os.urandom(9 << 20))
    upload(bills.write("b/b.csv", [cur_row(), cur_row()]).parent, f"{bucket}/bills")
    land("aws", f"{bucket}/bills", f"{bucket}/lake", scope="copied-by-the-store")
    client = boto3.client("s3", endpoint_url=cloud.url)
    for found in store.list("lake/raw/"):
        said = client.head_object(Bucket="encrypted", Key=found.path)
        assert (said["ServerSideEncryption"], said["SSEKMSKeyId"]) == ("aws:kms", key)
    assert whole(f"{bucket}/lake", delivery)
    assert store._store.config["request_payer"] in (True, "true", "requester")


# The landing dies before its nth change of the bucket.
KILLED = """
import os, signal, sys
from ingestion import land
source, lake, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
if lake.startswith("gs://"):
    from ingestion.buckets.google_bucket import GoogleBucket as kind
else:
    from ingestion.buckets.obstore_bucket import ObstoreBucket as kind
seen = 0
def deadly(method):
    def call(*args, **options):
        global seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(*args, **options)
    return call
for name in ("put", "copy", "delete"):
    setattr(kind, name, deadly(getattr(kind, name)))
land("aws", source, lake)
"""


def test_killed_before_every_change_of_a_bucket(cloud, bucket, bills):
    bills.export("2026-01", chunks=2)
    upload(bills.root, f"{bucket}/bills")
    land("aws", f"{bucket}/bills", f"{bucket}/whole")
    files = {
        name: data for name, data in contents(f"{bucket}/whole/raw").items() if "delivery.json" not in name
    }
    outcomes = []
    for step in range(1, 20):
        lake = f"{bucket}/lake-{step}"
        run = subprocess.run(
            [sys.executable, "-c", KILLED, f"{bucket}/bills", lake, str(step)],
            cwd=ROOT,
            env=environment_of(cloud) | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
        )
        if run.returncode == 0:
            break
        assert run.returncode == -9, run.stderr.decode()
        seen = open_lake(lake).deliveries()
        assert all(whole(lake, delivery) for delivery in seen)
        store = buckets.open_bucket(buckets.address(lake))
        store.delete(f"{buckets.address(lake).path}/.lease")  # else it is waited for
        again = land("aws", f"{bucket}/bills", lake)
        assert (len(again.landed), len(again.skipped)) == (1 - len(seen), len(seen))
        held = contents(f"{lake}/raw")
        assert {name: data for name, data in held.items() if "delivery.json" not in name} == files
        assert len(held) == len(files) + 1
        events.announce_missing(open_lake(lake))
        assert len(events.names(open_lake(lake))) == 1
        outcomes.append(len(seen))
    assert len(outcomes) > 4 and outcomes == sorted(outcomes) and {0, 1} == set(outcomes)
