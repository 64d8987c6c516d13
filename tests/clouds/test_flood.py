"""A flood of events is absorbed by the queue: whoever works it off holds one batch, and lands each bill once.

The queue is SQS of the emulator, and the workers do what Lambda does with one: take ten messages, call the function, take
those off the queue that it did not give back. A thousand events in CI; CLOUDTALLY_FLOOD=10000 for the flood of the issue.
"""

import json
import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cloud_servers import contents, environment_of, upload
from emulators import PROJECT
from tiny_bills import Bills

from ingestion import cloudevents
from ingestion.lakes import open_lake

EVENTS = int(os.environ.get("CLOUDTALLY_FLOOD") or 1000)
EXPORTS, WORKERS, OWNER = 8, 2, "111122223333"
WORKER = """
import json, resource, sys
import boto3
from ingestion.handlers.aws_lambda import handler
queue, sqs = sys.argv[1], boto3.client("sqs")
def waiting():
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)
peaks, taken, given_back = [], 0, 0
while True:
    batch = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
    if not batch and not waiting():
        break
    answer = handler({"Records": [{"messageId": m["MessageId"], "body": m["Body"]} for m in batch]})
    failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]} if batch else set()
    done = [{"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in batch if m["MessageId"] not in failed]
    if done:
        sqs.delete_message_batch(QueueUrl=queue, Entries=done)
    taken, given_back = taken + len(done), given_back + len(failed)
    peaks.append((taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
print(json.dumps({"peaks": peaks, "taken": taken, "given_back": given_back}))
"""


def event(bucket, key, number):
    return {
        "version": "0",
        "id": f"e-{number}",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": OWNER,
        "time": "2026-02-02T03:04:05Z",
        "detail": {"bucket": {"name": bucket}, "object": {"key": key, "size": 9, "etag": "x"}},
    }


@pytest.fixture
def aws(enter):
    import boto3

    cloud = enter("s3")
    return cloud, lambda service: boto3.client(service, endpoint_url=cloud.url)


def waiting(sqs, queue) -> int:
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name])


def listener(client):
    """A queue of all that is told on a bus of its own; its address, and the bus's name."""
    bus = f"told-{time.time_ns()}"
    queue = client("sqs").create_queue(QueueName=bus)["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    client("events").create_event_bus(Name=bus)
    pattern = json.dumps({"source": ["cloudtally"], "detail-type": [cloudevents.INGESTED]})
    client("events").put_rule(Name=bus, EventBusName=bus, EventPattern=pattern)
    client("events").put_targets(Rule=bus, EventBusName=bus, Targets=[{"Id": "1", "Arn": arn}])
    return queue, bus


@pytest.mark.slow
def test_a_flood_is_absorbed_by_the_queue(aws, bills):
    cloud, client = aws
    sqs, name = client("sqs"), f"flood-{time.time_ns()}"
    cloud.make(name)
    manifests = [
        f"exports/cur/metadata/BILLING_PERIOD=2026-{month:02}/cur-Manifest.json"
        for month in range(1, EXPORTS + 1)
    ]
    for month in range(1, EXPORTS + 1):
        bills.export(f"2026-{month:02}")
    late = Bills(
        bills.root.parent / "late"
    )  # the files of the last export come while the flood is worked off
    data = f"exports/cur/data/BILLING_PERIOD=2026-{EXPORTS:02}"
    (late.root / data).parent.mkdir(parents=True)
    (bills.root / data).rename(late.root / data)
    upload(bills.root, f"s3://{name}")

    # each export is told of ten times, and two events are poison; all others are of files that wait for their manifest
    keys = manifests * 10
    keys += [
        f"exports/cur/data/BILLING_PERIOD=2026-01/cur-{n:05}.snappy.parquet"
        for n in range(EVENTS - len(keys) - 2)
    ]
    said = [event(name, key, number) for number, key in enumerate(keys)]
    said += [event("elsewhere", manifests[0], "p-1"), {"detail-type": "Object Created"}]
    random.Random(7).shuffle(said)
    queue = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "5"})["QueueUrl"]

    def send(start):
        entries = [
            {"Id": f"m{n}", "MessageBody": json.dumps(one)} for n, one in enumerate(said[start : start + 10])
        ]
        assert not sqs.send_message_batch(QueueUrl=queue, Entries=entries).get("Failed")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(0, len(said), 10)))

    told, bus = listener(client)
    sources = [{"provider": "aws", "source": f"s3://{name}/exports", "account": OWNER}]
    settings = {"CLOUDTALLY_LAKE": f"s3://{name}/lake", "CLOUDTALLY_SOURCES": json.dumps(sources)}
    settings |= {"CLOUDTALLY_EVENTS_TO": bus, "PYTHONPATH": str(PROJECT)}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, queue],
            env=environment_of(cloud) | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(WORKERS)
    ]
    results = []
    try:
        while waiting(sqs, queue) > EVENTS / 2 and all(worker.poll() is None for worker in workers):
            time.sleep(0.1)
        upload(late.root, f"s3://{name}")
        for worker in workers:
            out, err = worker.communicate(timeout=900)
            assert worker.returncode == 0, err[-2000:]
            results.append(json.loads(out))
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()

    assert sum(result["taken"] for result in results) >= EVENTS  # a message may come twice, none is lost
    assert sum(result["given_back"] for result in results), "the export whose files were not there yet"
    for result in results:
        early = next(peak for taken, peak in result["peaks"] if taken >= result["taken"] / 4)
        assert result["peaks"][-1][1] - early < 40, "megabytes more than after a quarter of the events"
    deliveries = open_lake(f"s3://{name}/lake").deliveries()
    assert sorted(delivery.periods for delivery in deliveries) == [
        (f"2026-{m:02}-01",) for m in range(1, EXPORTS + 1)
    ]
    assert len(contents(f"s3://{name}/lake/dead-letters")) == 2
    heard = set()
    while messages := sqs.receive_message(QueueUrl=told, MaxNumberOfMessages=10).get("Messages"):
        heard |= {json.loads(message["Body"])["detail"]["id"] for message in messages}
        for message in messages:
            sqs.delete_message(QueueUrl=told, ReceiptHandle=message["ReceiptHandle"])
    assert heard == {delivery.delivery_id for delivery in deliveries}
    print(
        {
            "events": EVENTS,
            "given back": sum(r["given_back"] for r in results),
            "MB": [r["peaks"][-1][1] for r in results],
        }
    )
