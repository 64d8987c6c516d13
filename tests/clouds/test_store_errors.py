"""A store that refuses: the message names the file, the reason and the remedy, nothing is lost, and no secret is told."""

import json
import logging
import traceback
from datetime import UTC, datetime, timedelta

import pytest
from between import standing
from cloud_servers import ACCOUNT, contents, upload
from test_adapters import EVENTBRIDGE, changed
from tiny_bills import cur_row

from ingestion import LandingError, buckets, land
from ingestion.buckets import Found
from ingestion.errors import LakeUnwritable, NoAccess, SourceChanged, Unreachable
from ingestion.handlers import aws_lambda
from orchestration import source_doctor

SIGNED = f"sv=2024-01-01&ss=b&srt=sco&sp=rwdlac&se=2031-01-01T00:00:00Z&sig={'planted' * 6}%3D"


def xml(code):
    return f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>no</Message></Error>'


def google(status, reason, message="no"):
    errors = [{"reason": reason, "message": message, "domain": "global"}]
    return json.dumps({"error": {"code": status, "message": message, "errors": errors}})


def any_request(method, path):
    return True


def listing(method, path):
    return method == "GET" and ("prefix=" in path or "list" in path)


def reading(method, path):
    return method == "GET" and "a.csv" in path


def asking(method, path):
    return method == "HEAD"


def writing(method, path):
    return method in ("PUT", "POST") and ("lake" in path or "upload" in path)


REFUSALS = [
    (
        "s3",
        listing,
        403,
        xml("AccessDenied"),
        NoAccess,
        "bills/: no permission to read it; grant s3:GetObject",
    ),
    (
        "s3",
        reading,
        403,
        xml("AccessDenied"),
        NoAccess,
        "a.csv: no permission .* CLOUDTALLY_REQUESTER_PAYS=1",
    ),
    ("s3", reading, 403, xml("InvalidObjectState"), NoAccess, "a.csv: the file lies in the store's archive"),
    ("s3", listing, 400, xml("ExpiredToken"), NoAccess, "have run out; set AWS_PROFILE, run aws sso login"),
    ("s3", asking, 400, "", NoAccess, "credentials that ran out; .* AWS_REGION is the bucket's"),
    ("s3", listing, 403, xml("RequestTimeTooSkewed"), NoAccess, "this machine's time; set its clock"),
    ("s3", listing, 403, xml("InvalidAccessKeyId"), NoAccess, "the credentials were not accepted"),
    ("s3", listing, 301, xml("PermanentRedirect"), NoAccess, "another region; set AWS_REGION"),
    ("s3", listing, 400, xml("AuthorizationHeaderMalformed"), NoAccess, "another region; set AWS_REGION"),
    (
        "s3",
        any_request,
        503,
        xml("SlowDown"),
        Unreachable,
        r"failed \(status 503, SlowDown\), also after some",
    ),
    ("s3", reading, 503, xml("SlowDown"), Unreachable, r"a.csv: the store cannot .*\(status 503, SlowDown\)"),
    ("s3", reading, 404, xml("NoSuchKey"), SourceChanged, "a.csv: the file vanished or changed"),
    ("s3", writing, 500, xml("InternalError"), Unreachable, "lake/.lease: .*status 500, InternalError"),
    (
        "s3",
        writing,
        403,
        xml("AccessDenied"),
        LakeUnwritable,
        "no permission to write it; grant s3:PutObject",
    ),
    (
        "azure",
        listing,
        403,
        xml("AuthorizationPermissionMismatch"),
        NoAccess,
        "grant Storage Blob Data Reader",
    ),
    (
        "azure",
        any_request,
        403,
        xml("AuthorizationFailure"),
        NoAccess,
        "through the storage account's network",
    ),
    ("azure", any_request, 403, xml("AuthenticationFailed"), NoAccess, "not accepted.*; run az login"),
    ("azure", reading, 409, xml("BlobArchived"), NoAccess, "a.csv: the file lies in the store's archive"),
    ("azure", any_request, 503, xml("ServerBusy"), Unreachable, r"\(status 503, ServerBusy\)"),
    ("azure", writing, 403, xml("AuthorizationPermissionMismatch"), LakeUnwritable, "Blob Data Contributor"),
    ("gs", listing, 403, google(403, "forbidden"), NoAccess, "bills/: .* grant roles/storage.objectViewer"),
    (
        "gs",
        reading,
        403,
        google(403, "forbidden"),
        NoAccess,
        r"a.csv: no permission to read it \(forbidden\)",
    ),
    ("gs", any_request, 400, google(400, "required", "is a requester pays bucket"), NoAccess, "GOOGLE_PAYER"),
    ("gs", listing, 403, google(403, "userProjectAccessDenied"), NoAccess, "serviceUsageConsumer"),
    ("gs", listing, 403, google(403, "vpcServiceControls"), NoAccess, "service perimeter"),
    ("gs", reading, 404, google(404, "notFound"), SourceChanged, "a.csv: the file vanished"),
    ("gs", writing, 403, google(403, "forbidden"), LakeUnwritable, "grant roles/storage.objectUser"),
]


@pytest.fixture
def refusing(enter, bills, monkeypatch):
    """A bucket with a bill, and what stands before its store."""
    with_servers = []

    def of(name):
        cloud = enter(name)
        bucket = cloud.make(f"refusing-{len(made)}")
        made.append(bucket)
        upload(bills.write("bills/a.csv", [cur_row()]).parents[1], bucket)
        server = standing(cloud.port)
        between = server.__enter__()
        with_servers.append(server)
        for key, value in cloud.environment.items():
            monkeypatch.setenv(key, value.replace(cloud.url, between.url))
        return bucket, between

    from ingestion.buckets import obstore_bucket

    backoff = {"init_backoff": timedelta(milliseconds=5), "max_backoff": timedelta(milliseconds=9), "base": 2}
    monkeypatch.setattr(obstore_bucket, "_RETRY", {"max_retries": 1, "backoff": backoff})
    yield of
    for server in with_servers:
        server.__exit__(None, None, None)


made: list[str] = []


@pytest.mark.parametrize(
    ("name", "refuse", "status", "body", "kind", "says"),
    REFUSALS,
    ids=[f"{name}-{refuse.__name__}-{status}-{n}" for n, (name, refuse, status, *_) in enumerate(REFUSALS)],
)
def test_a_store_that_refuses(refusing, name, refuse, status, body, kind, says):
    bucket, between = refusing(name)
    between.refuse, between.status, between.body = refuse, status, body
    with pytest.raises(LandingError, match=says) as told:
        land("aws", f"{bucket}/bills/", f"{bucket}/lake")
    assert type(told.value) is kind and told.value.message.startswith(bucket) and between.refused
    assert "; " in told.value.message, "no remedy"

    between.refuse = lambda method, path: False
    assert not [name for name in contents(bucket) if "delivery.json" in name]
    assert len(land("aws", f"{bucket}/bills/", f"{bucket}/lake").landed) == 1


@pytest.mark.parametrize(
    ("refuse", "status", "code"),
    [
        (listing, 503, "SlowDown"),
        (reading, 503, "SlowDown"),
        (writing, 503, "SlowDown"),
        (reading, 403, "AccessDenied"),
        (listing, 400, "ExpiredToken"),
    ],
)
def test_an_event_waits_until_the_store_is_well_again(refusing, monkeypatch, refuse, status, code):
    bucket, between = refusing("s3")
    source = {"provider": "aws", "source": f"{bucket}/bills", "account": "111122223333", "last": ""}
    monkeypatch.setenv("CLOUDTALLY_SOURCES", json.dumps([source]))
    monkeypatch.setenv("CLOUDTALLY_LAKE", f"{bucket}/lake")
    told = []
    monkeypatch.setattr(aws_lambda, "emit", told.append)
    event = changed(
        changed(EVENTBRIDGE, "detail.bucket.name", bucket[5:]), "detail.object.key", "bills/a.csv"
    )
    batch = {"Records": [{"messageId": "m", "body": json.dumps(event)}]}
    between.refuse, between.status, between.body = refuse, status, xml(code)
    assert aws_lambda.handler(batch) == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    between.refuse = lambda method, path: False
    assert not told and not [name for name in contents(bucket) if "dead" in name or "delivery.json" in name]
    assert aws_lambda.handler(batch) == {"batchItemFailures": []} and len(told) == 1


@pytest.mark.parametrize("status", [403, 404, 409, 412, 503])
def test_no_signature_is_told_whatever_fails(refusing, monkeypatch, caplog, status):
    """A store's answer may repeat a signature, and stands in the client's own error: no message or trace of ours does."""
    caplog.set_level(logging.DEBUG, "cloudtally")
    bucket, between = refusing("azure")
    between.refuse, between.status, between.body = any_request, status, xml(f"AuthenticationFailed?{SIGNED}")
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_KEY")
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", SIGNED)
    store = buckets.open_bucket(buckets.address(bucket))
    found = Found("bills/a.csv", 9, datetime.now(UTC), "e")
    calls = [
        lambda: list(store.list("bills/")),
        lambda: store.head("bills/a.csv"),
        lambda: store.read(found, 0, 9),
        lambda: store.put("lake/x", b"x"),
        lambda: store.copy(bucket, "bills/a.csv", "lake/x"),
        lambda: store.delete("lake/x"),
        lambda: land("aws", f"{bucket}/bills/", f"{bucket}/lake"),
    ]
    said = []
    for call in calls:
        try:
            call()
        except LandingError as error:
            said += ["".join(traceback.format_exception(error)), error.message]
    assert len(said) > 6 and between.refused >= len(calls)
    assert not [text for text in [*said, caplog.text] if "planted" in text or "sig=" in text]


@pytest.mark.parametrize("name", ["s3", "azure", "gs"])
def test_the_doctor_finds_what_a_lake_lacks_before_the_first_landing(refusing, monkeypatch, name):
    bucket, between = refusing(name)
    monkeypatch.setenv("CLOUDTALLY_LAKE", f"{bucket}/lake")
    assert [(f.level, f.said.rpartition(": ")[2]) for f in source_doctor.lake()] == [
        ("ok", "0 deliveries can be read"),
        ("ok", "may be written, read and cleared"),
    ]
    assert list(contents(bucket)) == ["bills/a.csv"]
    between.refuse, between.status = writing, 403
    between.body = google(403, "forbidden") if name == "gs" else xml("AccessDenied")
    *_, last = source_doctor.lake()
    assert (
        last.level == "fault"
        and "no permission to write it" in last.said
        and last.remedy.startswith("grant ")
    )


@pytest.mark.parametrize(
    ("uri", "write"),
    [
        (
            f"https://{ACCOUNT}.blob.core.windows.net/bills/a%20b?{SIGNED}",
            f"abfss://bills@{ACCOUNT}.dfs.core.windows",
        ),
        ("https://acme.s3.eu-west-1.amazonaws.com/x?X-Amz-Signature=planted", "write s3://acme/x"),
        ("https://s3.amazonaws.com/acme/x?X-Amz-Security-Token=planted", "write s3://acme/x"),
        ("https://storage.googleapis.com/acme/x%2Fy?X-Goog-Signature=planted", "write gs://acme/x/y"),
        ("https://user:planted@example.com/x", "take it out"),
        ("s3://acme/x?X-Amz-Credential=planted", "take it out"),
        (f"abfss://bills@{ACCOUNT}.dfs.core.windows.net/x?{SIGNED}", "take it out"),
    ],
)
def test_a_signed_address_is_refused_and_not_repeated(lake_folder, uri, write):
    with pytest.raises(LandingError, match="take it out") as told:
        land("aws", uri, lake_folder)
    said = [
        told.value.message,
        *(f"{f.subject} {f.said} {f.remedy}" for f in source_doctor.source("aws", uri)),
    ]
    assert write in told.value.message and not [text for text in said if "planted" in text]


@pytest.fixture
def lake_folder(tmp_path):
    return tmp_path / "lake"
