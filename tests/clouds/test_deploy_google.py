"""Google's chain on emulators: a file is written, Pub/Sub pushes, the function lands it and tells a topic."""

import base64
import json
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import emulators
import pytest
from cloud_servers import Cloud, upload

jwt = pytest.importorskip("jwt", reason="needs the extra cloud: uv sync --all-extras")
rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")

from ingestion import cloudevents  # noqa: E402
from ingestion.handlers import gcp_function  # noqa: E402
from ingestion.lakes import open_lake  # noqa: E402

PUSH, AUDIENCE = "push@lab.iam.gserviceaccount.com", "https://land.example.com"
TOPIC, TOLD = "projects/lab/topics/bills", "projects/lab/topics/told"


def ask(url, method="POST", said=None):
    body = json.dumps(said or {}).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as answer:
        return json.loads(answer.read() or b"{}")


@pytest.fixture
def pubsub(tmp_path):
    pytest.importorskip("google.cloud.storage", reason="needs the extra cloud: uv sync --all-extras")
    command = emulators.pubsub()
    if command is None:
        pytest.skip(
            "Google's Pub/Sub emulator is not installed; it comes with the Google Cloud SDK, and needs Java"
        )
    port = emulators.free_port()
    with emulators.running([*command, f"--port={port}"], f"http://127.0.0.1:{port}/", tmp_path / "pubsub"):
        for topic in (TOPIC, TOLD):
            ask(f"http://127.0.0.1:{port}/v1/{topic}", "PUT")
        yield f"127.0.0.1:{port}"


@pytest.fixture
def storage(pubsub, tmp_path):
    """Google's storage that notifies the topic of each file."""
    command = emulators.google()
    if command is None:
        pytest.skip(f"the server for gs {emulators.MISSING}")
    port = emulators.free_port()
    url = f"http://127.0.0.1:{port}"
    command += ["-port", str(port), "-public-host", url.removeprefix("http://"), "-external-url", url]
    command += ["-backend", "filesystem", "-filesystem-root", str(tmp_path / "data")]
    command += ["-event.pubsub-project-id", "lab", "-event.pubsub-topic", "bills", "-event.list", "finalize"]
    with emulators.running(command, url, tmp_path / "storage", PUBSUB_EMULATOR_HOST=pubsub):
        yield Cloud("gs", port, {"STORAGE_EMULATOR_HOST": url})


@pytest.fixture
def function(monkeypatch):
    """The function behind HTTP, and what it answered. The emulator pushes without a token, so one is put in."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "k1", "use": "sig"}
    said = {"iss": "https://accounts.google.com", "aud": AUDIENCE, "email": PUSH, "email_verified": True}
    said |= {"iat": int(time.time()), "exp": int(time.time()) + 600}
    token = jwt.encode(said, key, algorithm="RS256", headers={"kid": "k1"})
    answers = []

    class Function(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"keys": [public]}).encode())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = gcp_function.answer("POST", {**self.headers, "Authorization": f"Bearer {token}"}, body)
            answers.append(answer.status)
            self.send_response(answer.status)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Function)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    settings = {"AUDIENCE": AUDIENCE, "PUSH_ACCOUNT": PUSH, "KEYS": url, "EVENTS_TO": TOLD}
    for name, value in settings.items():
        monkeypatch.setenv(f"CLOUDTALLY_{name}", value)
    yield url, answers
    server.shutdown()


def test_a_file_becomes_a_delivery_and_an_event(pubsub, storage, function, bills, monkeypatch):
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", storage.url)
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub)
    bucket = storage.make("bills")
    lake = storage.make("lake") + "/tally"
    monkeypatch.setenv("CLOUDTALLY_LAKE", lake)
    monkeypatch.setenv("CLOUDTALLY_SOURCES", json.dumps([{"provider": "gcp", "source": f"{bucket}/exports"}]))
    url, answers = function
    api = f"http://{pubsub}/v1/projects/lab/subscriptions"
    ask(f"{api}/push", "PUT", {"topic": TOPIC, "pushConfig": {"pushEndpoint": url}, "ackDeadlineSeconds": 60})
    ask(f"{api}/listener", "PUT", {"topic": TOLD})
    bills.gcp("exports/run=1/000.parquet")
    upload(bills.root, bucket)
    bills.write("exports/run=1/_SUCCESS", "")
    upload(bills.root, bucket)

    messages = []
    for _ in range(60):
        messages += ask(f"{api}/listener:pull", said={"maxMessages": 5}).get("receivedMessages", [])
        if messages:
            break
        time.sleep(0.25)
    assert messages, answers
    [delivery] = open_lake(lake).deliveries()
    message = messages[0]["message"]
    assert message["attributes"]["ce-type"] == cloudevents.INGESTED
    data = json.loads(base64.b64decode(message["data"]))
    assert (message["attributes"]["ce-id"], data["rows"]) == (delivery.delivery_id, delivery.rows)
    assert [source["uri"] for source in data["sources"]] == [f"{bucket}/exports/run=1/000.parquet"]
    assert set(answers) <= {204, 503}
