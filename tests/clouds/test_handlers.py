"""The clouds' functions: who may call, what an event makes of a bill, and what becomes of those that fail."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cloud_servers import ACCOUNT, contents, upload
from tiny_bills import cur_row

jwt = pytest.importorskip("jwt", reason="needs the extra cloud: uv sync --all-extras")
rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")

from ingestion import buckets, cloudevents, events  # noqa: E402
from ingestion.handlers import aws_lambda, azure_function, gcp_function  # noqa: E402
from ingestion.lakes import open_lake  # noqa: E402

OWNER = "111122223333"
AUDIENCE = "https://land.example.com"
PUSH = "push@acme.iam.gserviceaccount.com"
TENANT, GRID = "11111111-2222-3333-4444-555555555555", "4962773b-9cdb-44cf-a8bf-237846a00ab7"
MANIFEST = "exports/cur/metadata/BILLING_PERIOD=2026-01/cur-Manifest.json"


@pytest.fixture(scope="module")
def issuer():
    """A server that publishes the key of tokens, and the signing of them; a second key is nobody's."""
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(keys[0].public_key()))
    body = json.dumps({"keys": [public | {"kid": "k1", "use": "sig", "alg": "RS256"}]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/keys", keys
    server.shutdown()


def bearer(issuer, claims, key=0, kid="k1"):
    now = int(time.time())
    said = {"iat": now, "exp": now + 600, "aud": AUDIENCE} | claims
    return {
        "Authorization": "Bearer " + jwt.encode(said, issuer[1][key], algorithm="RS256", headers={"kid": kid})
    }


GOOGLE = {"iss": "https://accounts.google.com", "email": PUSH, "email_verified": True}
ENTRA = {"iss": f"https://sts.windows.net/{TENANT}/", "tid": TENANT, "appid": GRID}


class Scene:
    """A cloud, a bucket with bills, a lake, and what was told."""

    def __init__(self, bucket, bills, monkeypatch, provider, **more):
        self.bucket, self.bills, self.lake = bucket, bills, f"{bucket}/lake"
        self.told = []
        source = {"provider": provider, "source": f"{bucket}/exports"} | more
        monkeypatch.setenv("CLOUDTALLY_SOURCES", json.dumps([source]))
        monkeypatch.setenv("CLOUDTALLY_LAKE", self.lake)

    def put(self):
        upload(self.bills.root, self.bucket)

    def letters(self):
        return [json.loads(text) for text in contents(f"{self.lake}/dead-letters").values()]


@pytest.fixture
def s3(enter, bills, monkeypatch):
    found = Scene(enter("s3").make(f"acme-{time.time_ns()}"), bills, monkeypatch, "aws", account=OWNER)
    monkeypatch.setattr(aws_lambda, "emit", found.told.append)
    return found


def created(bucket, key=MANIFEST, account=OWNER):
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": account,
        "time": "2026-02-02T03:04:05Z",
        "detail": {
            "bucket": {"name": bucket.removeprefix("s3://")},
            "object": {"key": key, "size": 9, "etag": "x"},
        },
    }


def batch(*said):
    return {"Records": [{"messageId": f"m{n}", "body": json.dumps(event)} for n, event in enumerate(said)]}


def test_twenty_of_one_event_at_once_land_once(s3):
    s3.bills.export("2026-01")
    s3.put()
    with ThreadPoolExecutor(20) as calls:
        answers = list(calls.map(aws_lambda.handler, [batch(created(s3.bucket))] * 20))
    assert answers == [{"batchItemFailures": []}] * 20
    [delivery] = open_lake(s3.lake).deliveries()
    assert {event["id"] for event in s3.told} == {delivery.delivery_id}
    assert (
        len(
            {
                json.dumps(cloudevents.checked(e, cloudevents.INGESTED)["data"], sort_keys=True)
                for e in s3.told
            }
        )
        == 1
    )
    assert len(events.names(open_lake(s3.lake))) == 1 and not s3.letters()
    before = len(s3.told)
    assert aws_lambda.handler(created(s3.bucket)) == {"outcome": ["known"]} and len(s3.told) == before


def test_one_event_lands_its_own_month(s3):
    s3.bills.export("2026-01")
    s3.bills.export("2026-02")
    s3.bills.write("exports/cur/metadata/BILLING_PERIOD=2025-12/cur-Manifest.json", "not JSON")
    s3.put()
    assert aws_lambda.handler(created(s3.bucket)) == {"outcome": ["landed"]}
    assert [d.periods for d in open_lake(s3.lake).deliveries()] == [("2026-01-01",)]


def test_a_manifest_that_comes_before_its_files_waits(s3):
    manifest = s3.bills.export("2026-01")
    store = buckets.open_bucket(buckets.address(s3.bucket))
    store.put(MANIFEST, manifest)
    assert aws_lambda.handler(batch(created(s3.bucket))) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert not s3.letters() and not open_lake(s3.lake).deliveries()
    s3.put()
    data = created(s3.bucket, "exports/cur/data/BILLING_PERIOD=2026-01/cur-00001.snappy.parquet")
    assert aws_lambda.handler(data) == {"outcome": ["waits"]}
    assert aws_lambda.handler(batch(created(s3.bucket))) == {"batchItemFailures": []}
    assert len(open_lake(s3.lake).deliveries()) == 1


def test_poison_is_set_aside_with_its_reason_and_the_rest_lands(s3):
    s3.bills.export("2026-01")
    s3.bills.write("exports/bad/metadata/cur-Manifest.json", "not JSON")
    s3.put()
    said = [
        {"detail-type": "Object Created"},
        created(s3.bucket, account="999999999999"),
        created("s3://elsewhere"),
        created(s3.bucket, "exports/bad/metadata/cur-Manifest.json"),
        created(s3.bucket),
    ]
    for _ in range(2):
        assert aws_lambda.handler(batch(*said)) == {"batchItemFailures": []}
    reasons = sorted(letter["reason"] for letter in s3.letters())
    assert len(reasons) == 4 and len(open_lake(s3.lake).deliveries()) == 1
    for part in ("account 999999999999", "s3://elsewhere", "source: is missing", "the manifest is not JSON"):
        assert any(part in reason for reason in reasons), part


def test_a_delivery_that_could_not_be_told_of_is_told_of_later(s3, monkeypatch):
    s3.bills.export("2026-01")
    s3.put()

    def fail(event):
        raise ConnectionError("planted-secret")

    monkeypatch.setattr(aws_lambda, "emit", fail)
    assert aws_lambda.handler(batch(created(s3.bucket)))["batchItemFailures"]
    monkeypatch.setattr(aws_lambda, "emit", s3.told.append)
    assert aws_lambda.handler(batch(created(s3.bucket))) == {"batchItemFailures": []}
    assert [event["id"] for event in s3.told] == [d.delivery_id for d in open_lake(s3.lake).deliveries()]


@pytest.mark.parametrize("setting", ["", "{", "[]", '[{"provider": "aws", "source": "s3://x"}]'])
def test_a_wrong_setting_keeps_events_in_their_queue(s3, monkeypatch, setting, caplog):
    monkeypatch.setenv("CLOUDTALLY_SOURCES", setting)
    assert aws_lambda.handler(batch(created(s3.bucket)))["batchItemFailures"]
    assert "CLOUDTALLY_SOURCES" in caplog.text and not s3.letters()


@pytest.fixture
def google(enter, bills, monkeypatch, issuer):
    found = Scene(enter("gs").make(f"acme-{time.time_ns()}"), bills, monkeypatch, "gcp")
    monkeypatch.setattr(gcp_function, "emit", found.told.append)
    settings = {"AUDIENCE": AUDIENCE, "PUSH_ACCOUNT": PUSH, "KEYS": issuer[0]}
    for name, value in settings.items():
        monkeypatch.setenv(f"CLOUDTALLY_{name}", value)
    return found


def finalized(bucket, name="exports/run=1/_SUCCESS"):
    attributes = {"eventType": "OBJECT_FINALIZE", "bucketId": bucket.removeprefix("gs://"), "objectId": name}
    attributes |= {"objectGeneration": "1", "eventTime": "2026-02-02T03:04:05Z", "payloadFormat": "NONE"}
    return json.dumps({"message": {"attributes": attributes, "messageId": "1"}, "subscription": "s"}).encode()


def test_a_bill_of_google_lands_when_its_marker_is_written(google, issuer):
    google.bills.gcp("exports/run=1/000.parquet")
    google.bills.gcp("exports/run=2/000.parquet", first="2026-01-10", last="2026-01-11")
    google.bills.write("exports/run=1/_SUCCESS", "")
    google.put()
    headers = bearer(issuer, GOOGLE)
    assert (
        gcp_function.answer("POST", headers, finalized(google.bucket, "exports/run=1/000.parquet")).status
        == 204
    )
    assert not open_lake(google.lake).deliveries()
    for _ in range(2):
        assert gcp_function.answer("POST", headers, finalized(google.bucket)).status == 204
    [delivery] = open_lake(google.lake).deliveries()
    assert [file.source_uri for file in delivery.files] == [f"{google.bucket}/exports/run=1/000.parquet"]
    assert [event["id"] for event in google.told] == [delivery.delivery_id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "other@acme.iam.gserviceaccount.com"},
        {"email_verified": False},
        {"aud": "https://elsewhere"},
        {"iss": "https://accounts.example.com"},
        {"exp": 1_700_000_000},
        {"key": 1},
        {"kid": "k2"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": ""},
        {"unsigned": True},
    ],
)
def test_who_is_not_the_push_subscription_is_denied(google, issuer, wrong, caplog):
    said = {
        name: value
        for name, value in wrong.items()
        if name in ("email", "email_verified", "aud", "iss", "exp")
    }
    headers = bearer(issuer, GOOGLE | said, wrong.get("key", 0), wrong.get("kid", "k1"))
    if "unsigned" in wrong:
        token = jwt.encode(
            GOOGLE | {"aud": AUDIENCE, "exp": 4e9}, None, algorithm="none", headers={"kid": "k1"}
        )
        headers = {"Authorization": f"Bearer {token}"}
    if "Authorization" in wrong:
        headers = {"Authorization": wrong["Authorization"]}
    assert gcp_function.answer("POST", headers, finalized(google.bucket)) == gcp_function.Answer(401)
    assert "denied" in caplog.text and (headers["Authorization"] or "!")[-20:] not in caplog.text
    assert not google.letters() and not contents(google.lake)


def test_an_issuer_that_does_not_answer_is_tried_again(google, issuer, monkeypatch):
    monkeypatch.setenv("CLOUDTALLY_KEYS", "http://127.0.0.1:9/keys")
    assert gcp_function.answer("POST", bearer(issuer, GOOGLE), finalized(google.bucket)).status == 503
    monkeypatch.delenv("CLOUDTALLY_AUDIENCE")
    assert gcp_function.answer("POST", bearer(issuer, GOOGLE), finalized(google.bucket)).status == 401
    assert gcp_function.answer("GET", {}, b"").status == 405


@pytest.fixture
def azure(enter, bills, monkeypatch, issuer):
    found = Scene(enter("azure").make(f"acme-{time.time_ns()}"), bills, monkeypatch, "azure")
    monkeypatch.setattr(azure_function, "emit", found.told.append)
    settings = {"AUDIENCE": AUDIENCE, "TENANT": TENANT, "EVENT_GRID_APP": GRID, "KEYS": issuer[0]}
    for name, value in settings.items():
        monkeypatch.setenv(f"CLOUDTALLY_{name}", value)
    return found


def blob(uri, path="exports/actual/20260101-20260131/a1/manifest.json"):
    container = uri.removeprefix("abfss://").split("@")[0]
    storage = f"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/{ACCOUNT}"
    return {
        "topic": storage,
        "subject": f"/blobServices/default/containers/{container}/blobs/{path}",
        "eventType": "Microsoft.Storage.BlobCreated",
        "id": "e-1",
        "eventTime": "2026-02-02T03:04:05.1234567Z",
        "data": {"api": "PutBlob", "eTag": "0x8D", "contentLength": 9},
    }


def test_a_bill_of_azure_lands_by_webhook_and_by_queue(azure, issuer):
    from tiny_bills import azure_row

    azure.bills.azure_run([azure_row()])
    azure.bills.azure_run([azure_row(), azure_row()], kind="AmortizedCost")
    azure.put()
    headers, body = bearer(issuer, ENTRA), json.dumps([blob(azure.bucket)]).encode()
    for _ in range(2):
        assert azure_function.answer("POST", headers, body).status == 200
    assert [d.dataset for d in open_lake(azure.lake).deliveries()] == ["azure_actual"]
    amortized = blob(azure.bucket, "exports/amortized/20260101-20260131/a1/manifest.json")
    azure_function.message(json.dumps(amortized))
    assert {d.dataset for d in open_lake(azure.lake).deliveries()} == {"azure_actual", "azure_amortized"}
    assert len(azure.told) == 2 and not azure.letters()


def test_an_export_without_a_row_or_of_no_bill_is_no_poison(azure, issuer):
    """The first days of a month have no row yet, and prices are exported beside the bill."""
    azure.bills.azure_run([], blobs=[], dataRowCount=0)
    azure.bills.azure_run([], kind="PriceSheet")
    azure.put()
    for path in ("actual/20260101-20260131", "other/20260101-20260131"):
        body = json.dumps([blob(azure.bucket, f"exports/{path}/a1/manifest.json")]).encode()
        assert azure_function.answer("POST", bearer(issuer, ENTRA), body).status == 200
    assert not azure.letters() and not azure.told


def test_a_bad_event_of_a_list_takes_no_other_along(azure, issuer):
    from tiny_bills import azure_row

    azure.bills.azure_run([azure_row()])
    azure.put()
    elsewhere = blob("abfss://elsewhere@x", "exports/manifest.json")
    body = json.dumps([{"eventType": "other"}, elsewhere, 7, blob(azure.bucket)]).encode()
    assert azure_function.answer("POST", bearer(issuer, ENTRA), body).status == 200
    assert len(azure.letters()) == 3 and len(open_lake(azure.lake).deliveries()) == 1


def test_event_grids_handshakes_are_answered(azure, issuer):
    code = [
        {"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "c-1"}}
    ]
    said = json.dumps(code).encode()
    headers = bearer(issuer, ENTRA) | {"Aeg-Event-Type": "SubscriptionValidation"}
    found = azure_function.answer("POST", headers, said)
    assert (found.status, json.loads(found.body)) == (200, {"validationResponse": "c-1"})
    assert azure_function.answer("POST", {"aeg-event-type": "SubscriptionValidation"}, said).status == 401
    assert azure_function.answer("POST", headers, b"[]").status == 400
    allowed = azure_function.answer("OPTIONS", {"WebHook-Request-Origin": "eventgrid.azure.net"}, b"")
    assert (allowed.status, allowed.headers["WebHook-Allowed-Origin"]) == (200, "eventgrid.azure.net")
    assert azure_function.answer("OPTIONS", {"WebHook-Request-Origin": "evil.example.com"}, b"").status == 400


@pytest.mark.parametrize(
    "wrong", [{"tid": "other"}, {"appid": "other"}, {"aud": "other"}, {"iss": "https://sts.windows.net/x/"}]
)
def test_who_is_not_event_grid_is_denied(azure, issuer, wrong):
    body = json.dumps([blob(azure.bucket)]).encode()
    assert azure_function.answer("POST", bearer(issuer, ENTRA | wrong), body).status == 401
    assert azure_function.answer("POST", bearer(issuer, ENTRA), b" " * (1 << 21)).status == 413
    assert not contents(azure.lake)


def test_a_bill_without_a_manifest_lands_by_itself(enter, bills, monkeypatch):
    scene = Scene(
        enter("s3").make(f"acme-{time.time_ns()}"), bills, monkeypatch, "aws", account=OWNER, last=""
    )
    monkeypatch.setattr(aws_lambda, "emit", scene.told.append)
    bills.write("exports/a.csv", [cur_row()])
    bills.write("exports/b.csv", [cur_row(), cur_row()])
    scene.put()
    assert aws_lambda.handler(created(scene.bucket, "exports/b.csv")) == {"outcome": ["landed"]}
    assert [d.rows for d in open_lake(scene.lake).deliveries()] == [2]


def test_azures_topic_is_told_with_the_functions_own_token(monkeypatch):
    identity = pytest.importorskip("azure.identity", reason="needs the extra cloud: uv sync --all-extras")
    got = []

    class Topic(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(200 if len(got) == 1 else 403)
            self.end_headers()

        def log_message(self, *args):
            pass

    class Credential:
        def get_token(self, scope):
            return type("Token", (), {"token": f"for {scope}"})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Topic)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(identity, "DefaultAzureCredential", Credential)
    azure_function.emit({"id": "d1"})
    assert not got
    monkeypatch.setenv("CLOUDTALLY_EVENTS_TO", f"http://127.0.0.1:{server.server_port}/api/events")
    azure_function.emit({"id": "d1"})
    [(headers, event)] = got
    assert event == {"id": "d1"} and headers["Content-Type"] == "application/cloudevents+json"
    assert headers["Authorization"] == "Bearer for https://eventgrid.azure.net/.default"
    with pytest.raises(Exception, match="403"):
        azure_function.emit({"id": "d1"})
    server.shutdown()
