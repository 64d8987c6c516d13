"""The clouds' events become one event, or are rejected with the field that is wrong; nothing else happens."""

import base64
import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import adapters, cloudevents
from ingestion.adapters import Rejected, aws, azure, gcp
from ingestion.cloudevents import ARRIVED

KEY = "exports/cur/metadata/BILLING_PERIOD=2026-01/cur-Manifest.json"
EVENTBRIDGE = {
    "version": "0",
    "id": "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "account": "111122223333",
    "time": "2026-02-02T03:04:05Z",
    "region": "eu-west-1",
    "resources": ["arn:aws:s3:::acme-billing"],
    "detail": {
        "version": "0",
        "bucket": {"name": "acme-billing"},
        "object": {
            "key": KEY,
            "size": 9001,
            "etag": "b1946ac92492d2347c6235b4d2611184",
            "sequencer": "00617F08",
        },
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": "bcm-data-exports.amazonaws.com",
        "reason": "PutObject",
    },
}
STORAGE = "/subscriptions/s-1/resourceGroups/finops/providers/Microsoft.Storage/storageAccounts/acmebilling"
BLOB = "/blobServices/default/containers/exports/blobs/daily/20260201-20260228/run 1/manifest.json"
BLOB_DATA = {
    "api": "PutBlockList",
    "requestId": "r-1",
    "eTag": "0x8D4BCC2E4835CD0",
    "contentType": "application/json",
    "contentLength": 524,
    "blobType": "BlockBlob",
    "url": "https://acmebilling.blob.core.windows.net/exports/daily/20260201-20260228/run%201/manifest.json",
    "sequencer": "00000000000004420000000000028963",
}
EVENT_GRID = {
    "topic": STORAGE,
    "subject": BLOB,
    "eventType": "Microsoft.Storage.BlobCreated",
    "id": "831e1650-001e-001b-66ab-eeb76e069631",
    "eventTime": "2026-02-02T03:04:05.1234567Z",
    "data": BLOB_DATA,
    "dataVersion": "",
    "metadataVersion": "1",
}
CLOUD_EVENT = {
    "specversion": "1.0",
    "id": "831e1650-001e-001b-66ab-eeb76e069631",
    "source": STORAGE,
    "subject": BLOB,
    "type": "Microsoft.Storage.BlobCreated",
    "time": "2026-02-02T03:04:05.1234567Z",
    "data": BLOB_DATA,
}


def push(attributes, data) -> dict:
    text = base64.b64encode(json.dumps(data).encode()).decode()
    message = {
        "attributes": attributes,
        "data": text,
        "messageId": "1",
        "publishTime": "2026-02-02T03:04:06Z",
    }
    return {"message": message, "subscription": "projects/acme/subscriptions/bills"}


FINALIZE = push(
    {
        "notificationConfig": "projects/_/buckets/acme-bills/notificationConfigs/1",
        "eventType": "OBJECT_FINALIZE",
        "payloadFormat": "JSON_API_V1",
        "bucketId": "acme-bills",
        "objectId": "run=1/_SUCCESS",
        "objectGeneration": "1770001445123456",
        "eventTime": "2026-02-02T03:04:05.678901Z",
    },
    {"kind": "storage#object", "name": "run=1/_SUCCESS", "bucket": "acme-bills", "size": "0"},
)
JOB = {
    "insertId": "abc-1",
    "timestamp": "2026-02-02T03:04:05.678901Z",
    "protoPayload": {
        "methodName": "google.cloud.bigquery.v2.JobService.InsertJob",
        "metadata": {
            "jobChange": {
                "after": "DONE",
                "job": {
                    "jobConfig": {
                        "type": "QUERY",
                        "queryConfig": {
                            "destinationTable": "projects/acme/datasets/billing/tables/export_v1"
                        },
                    },
                    "jobStatus": {"jobState": "DONE"},
                },
            }
        },
    },
}
OLD_JOB = {
    "insertId": "abc-2",
    "timestamp": "2026-02-02T03:04:05Z",
    "protoPayload": {
        "serviceData": {
            "jobCompletedEvent": {
                "eventName": "load_job_completed",
                "job": {
                    "jobConfiguration": {
                        "load": {
                            "destinationTable": {
                                "projectId": "acme",
                                "datasetId": "billing",
                                "tableId": "export_v1",
                            }
                        }
                    },
                    "jobStatus": {"state": "DONE", "error": {}},
                },
            }
        }
    },
}
CHANGED = {
    "insertId": "abc-3",
    "timestamp": "2026-02-02T03:04:05Z",
    "protoPayload": {
        "resourceName": "projects/acme/datasets/billing/tables/export_v1$20260202",
        "metadata": {"tableDataChange": {"insertedRowsCount": "5", "reason": "JOB"}},
    },
}
SQS = {"Records": [{"messageId": "m-1", "eventSource": "aws:sqs", "body": json.dumps(EVENTBRIDGE)}]}
SNS = {"Type": "Notification", "MessageId": "n-1", "TopicArn": "arn", "Message": json.dumps(EVENTBRIDGE)}
KNOWN = [
    (aws, EVENTBRIDGE),
    (aws, SNS),
    (aws, SQS),
    (aws, {"Records": [{"eventSource": "aws:sqs", "body": json.dumps(SNS)}]}),
    (aws, {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(EVENTBRIDGE)}}]}),
    (azure, [EVENT_GRID]),
    (azure, EVENT_GRID),
    (azure, CLOUD_EVENT),
    (azure, [CLOUD_EVENT]),
    (gcp, FINALIZE),
    (gcp, push({}, JOB)),
    (gcp, push({"logging.googleapis.com/timestamp": "x"}, OLD_JOB)),
    (gcp, push({}, CHANGED)),
]
EXPECTED = {
    aws: ("aws", "111122223333", f"s3://acme-billing/{KEY}", "b1946ac92492d2347c6235b4d2611184", 9001),
    azure: (
        "azure",
        "acmebilling",
        "abfss://exports@acmebilling.dfs.core.windows.net/daily/20260201-20260228/run 1/manifest.json",
        "0x8D4BCC2E4835CD0",
        524,
    ),
}


@pytest.mark.parametrize(
    ("adapter", "said"), KNOWN, ids=[f"{a.__name__[-5:]}{n}" for n, (a, _) in enumerate(KNOWN)]
)
@pytest.mark.parametrize("form", [lambda said: said, json.dumps, lambda said: json.dumps(said).encode()])
def test_each_form_becomes_the_one_event(adapter, said, form):
    [event] = adapter.events(form(said))
    assert cloudevents.checked(event, ARRIVED) == event
    data = event["data"]
    [source] = data["sources"]
    found = (data["provider"], data["account"], source["uri"], source["etag"], source["size"])
    table = ("gcp", "acme", "bigquery://acme/billing/export_v1", None, None)
    stored = ("gcp", None, "gs://acme-bills/run=1/_SUCCESS", "1770001445123456", 0)
    assert found == EXPECTED.get(adapter, stored if said is FINALIZE else table)
    assert event["time"].startswith("2026-02-02T03:04:05")


def test_the_same_event_in_any_wrapping_has_the_same_id_and_trace():
    made = [adapter.events(said)[0] for adapter, said in KNOWN if adapter is aws]
    assert len({(event["source"], event["id"], event["data"]["trace_id"]) for event in made}) == 1


def changed(said, path, value):
    said = copy.deepcopy(said)
    *above, last = path.split(".")
    inner = said
    for name in above:
        inner = inner[name]
    inner[last] = value
    return said


@pytest.mark.parametrize(
    ("adapter", "said", "reason"),
    [
        (aws, b"\xff\xfe", "body: is not JSON"),
        (aws, b"[" * 100_000, "body: is not JSON"),
        (aws, b" " * ((1 << 20) + 1), "body: has"),
        (aws, changed(EVENTBRIDGE, "source", "aws.ec2"), "detail-type: is .*correct the rule's pattern"),
        (aws, changed(EVENTBRIDGE, "account", "acme"), "account: is no AWS account"),
        (aws, changed(EVENTBRIDGE, "detail.object.key", None), "detail.object.key: is missing"),
        (aws, changed(EVENTBRIDGE, "detail.object.key", "a/../../b"), "key: .* has an empty part, or a dot"),
        (aws, changed(EVENTBRIDGE, "detail.object.size", -1), "data.sources.0.size"),
        (aws, changed(EVENTBRIDGE, "detail.object.size", True), "detail.object.size: is True"),
        (aws, changed(EVENTBRIDGE, "time", "yesterday"), "time or text: cannot be read"),
        (aws, {"Records": [{"s3": {"bucket": {}}}]}, "turn on the bucket's EventBridge notifications"),
        (azure, [], "event: is an empty list"),
        (
            azure,
            changed(EVENT_GRID, "eventType", "Microsoft.Storage.BlobDeleted"),
            "type: is 'Microsoft.Storage.BlobD",
        ),
        (
            azure,
            changed(EVENT_GRID, "topic", "/subscriptions/x"),
            "topic or source: names no storage account",
        ),
        (azure, changed(CLOUD_EVENT, "specversion", "0.3"), "specversion"),
        (gcp, {"message": {"data": "!"}}, "message.data: is no Base64"),
        (gcp, push({}, {"protoPayload": {}}), "message: is neither"),
        (
            gcp,
            push({}, changed(CHANGED, "protoPayload.resourceName", "projects/acme")),
            "table: 'projects/acme'",
        ),
    ],
)
def test_what_is_wrong_is_named(adapter, said, reason):
    with pytest.raises(Rejected, match=reason):
        adapter.events(said)


@pytest.mark.parametrize(
    ("adapter", "said"),
    [
        (azure, changed(EVENT_GRID, "data.api", "CreateFile")),
        (azure, changed(EVENT_GRID, "data.contentLength", 0)),
        (gcp, changed(FINALIZE, "message.attributes.eventType", "OBJECT_DELETE")),
        (gcp, push({}, changed(JOB, "protoPayload.metadata.jobChange.after", "RUNNING"))),
        (
            gcp,
            push(
                {},
                changed(JOB, "protoPayload.metadata.jobChange.job.jobStatus", {"errorResult": {"code": 3}}),
            ),
        ),
        (gcp, push({}, changed(JOB, "protoPayload.metadata.jobChange.job.jobConfig", {"type": "EXPORT"}))),
    ],
)
def test_what_says_nothing_of_a_new_object_makes_no_event(adapter, said):
    assert adapter.events(said) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def made_or_rejected(adapter, said) -> None:
    try:
        found = adapter.events(said)
    except Rejected as rejected:
        assert str(rejected)
    else:
        for event in found:
            cloudevents.checked(event, ARRIVED)
            json.dumps(event, ensure_ascii=False).encode()


@settings(max_examples=300, deadline=None)
@given(adapter=st.sampled_from([aws, azure, gcp]), said=st.binary(max_size=200) | JSON | JSON.map(json.dumps))
def test_any_bytes_or_json_are_rejected_clearly(adapter, said):
    made_or_rejected(adapter, said)


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_a_known_event_with_anything_anywhere_is_made_or_rejected(data):
    adapter, said = data.draw(st.sampled_from([*KNOWN, (gcp, JOB), (gcp, OLD_JOB)]))
    wrap = said in (JOB, OLD_JOB)
    said = copy.deepcopy(said)
    at = said
    while True:
        places = list(at) if isinstance(at, dict) else range(len(at))
        place = data.draw(st.sampled_from(list(places)))
        if isinstance(at[place], dict | list) and at[place] and data.draw(st.booleans()):
            at = at[place]
            continue
        if isinstance(at, dict) and data.draw(st.booleans()):
            del at[place]
        else:
            at[place] = data.draw(JSON)
        break
    made_or_rejected(adapter, push({}, said) if wrap else said)


def test_the_published_schemas_are_schemas():
    from jsonschema import Draft202012Validator

    for kind in (ARRIVED, cloudevents.INGESTED):
        Draft202012Validator.check_schema(cloudevents.schema(kind))
        assert cloudevents.schema(kind)["properties"]["type"]["const"] == kind
    assert adapters.LARGEST == 1 << 20
