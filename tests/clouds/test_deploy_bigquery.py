"""Google's table on emulators: the log of its writing goes to a topic, Pub/Sub pushes, the function lands and tells.

The emulator of Pub/Sub has no log: the test sends what a sink would. What a sink selects is tried in
test_deploy_terraform.py.
"""

import base64
import json
import time

import pytest
from bigquery_server import PROJECT, SOURCE, TABLE, row
from test_adapters import CHANGED, changed
from test_deploy_google import TOLD, TOPIC, ask, function, pubsub  # noqa: F401

from ingestion import cloudevents
from ingestion.lakes import open_lake


@pytest.fixture
def writes(table, pubsub, function, tmp_path, monkeypatch):  # noqa: F811
    """The table, the sending of a log entry as a sink does it, what was told, and what the function answered."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub)
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("CLOUDTALLY_SOURCES", json.dumps([{"provider": "gcp", "source": SOURCE}]))
    (tmp_path / "lake").mkdir()
    url, answers = function
    api = f"http://{pubsub}/v1"
    subscription = {"topic": TOPIC, "pushConfig": {"pushEndpoint": url}, "ackDeadlineSeconds": 60}
    ask(f"{api}/projects/lab/subscriptions/push", "PUT", subscription)
    ask(f"{api}/projects/lab/subscriptions/listener", "PUT", {"topic": TOLD})

    def log(entry):
        data = base64.b64encode(json.dumps(entry).encode()).decode()
        attributes = {"logging.googleapis.com/timestamp": entry["timestamp"]}
        ask(f"{api}/{TOPIC}:publish", said={"messages": [{"data": data, "attributes": attributes}]})

    def told():
        found = ask(f"{api}/projects/lab/subscriptions/listener:pull", said={"maxMessages": 5})
        return [message["message"] for message in found.get("receivedMessages", [])]

    return table, log, told, answers


def wait(found, seconds=60):
    until = time.monotonic() + seconds
    while not (value := found()) and time.monotonic() < until:
        time.sleep(0.25)
    return value


def test_the_log_of_a_table_becomes_a_delivery_and_an_event(writes, tmp_path):
    rows, log, told, answers = writes
    rows(row("202601", 1, "2026-01-06 03:00:00"), row("202601", 2, "2026-01-07 03:00:00"))
    path = f"projects/{PROJECT}/datasets/billing/tables/{TABLE}$20260107"
    entry = changed(CHANGED, "protoPayload.resourceName", path)
    log(entry)
    [message] = wait(told) or pytest.fail(f"nothing was told; the function answered {answers}")
    [delivery] = open_lake(tmp_path / "lake").deliveries()
    assert message["attributes"]["ce-type"] == cloudevents.INGESTED
    data = json.loads(base64.b64decode(message["data"]))
    assert (message["attributes"]["ce-id"], data["rows"], data["totals"]) == (
        delivery.delivery_id,
        2,
        {"EUR": "3.000000000000"},
    )

    log(entry)  # told of twice, as a job and as a change of data, or once more
    assert wait(lambda: len(answers) > 1) and set(answers) == {204}
    rows(row("202602", 4, "2026-02-07 03:00:00"))
    log(entry | {"insertId": "abc-4"})
    [message] = wait(told)
    assert json.loads(base64.b64decode(message["data"]))["rows"] == 1
    assert len(open_lake(tmp_path / "lake").deliveries()) == 2
    assert not (tmp_path / "lake/dead-letters").exists()
