"""Names with spaces, other letters and %-escapes in a bucket: from the cloud's event to the lake, each is itself."""

import json

import pytest
from cloud_servers import ACCOUNT, upload, whole
from test_adapters import EVENT_GRID, EVENTBRIDGE, FINALIZE, changed, push
from tiny_bills import cur_row

from ingestion import LandingError, land, receiving
from ingestion.adapters import aws, azure, gcp
from ingestion.lakes import open_lake

NAMES = ["a b/c d .csv", "Übersicht/ü💶.csv", "a%20b/c%2Fd%zz.csv", "a'b\"c;d?#[1]{2,3}.csv"]


def said(cloud, bucket, key):
    """The cloud's own event of an object, with the adapter that reads it."""
    if cloud.name == "s3":
        return aws, changed(changed(EVENTBRIDGE, "detail.bucket.name", bucket[5:]), "detail.object.key", key)
    if cloud.name == "azure":
        container = bucket.removeprefix("abfss://").partition("@")[0]
        subject = f"/blobServices/default/containers/{container}/blobs/{key}"
        topic = f"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/{ACCOUNT}"
        return azure, changed(changed(EVENT_GRID, "subject", subject), "topic", topic)
    attributes = FINALIZE["message"]["attributes"] | {"bucketId": bucket[5:], "objectId": key}
    return gcp, push(attributes | {"payloadFormat": "NONE"}, {})


@pytest.mark.parametrize("name", NAMES)
def test_the_event_of_any_name_lands_that_object(cloud, bucket, bills, monkeypatch, name):
    bills.write(f"my bills %41/{name}", [cur_row()])
    bills.write("my bills A/other.csv", [cur_row(), cur_row()])  # what the folder's %41 would be taken for
    upload(bills.root, bucket)
    lake = f"{bucket}/the lake/ü"
    source = {"provider": "aws", "source": f"{bucket}/my bills %41", "last": ""}
    source |= {"account": "111122223333"} if cloud.name == "s3" else {}
    monkeypatch.setenv("CLOUDTALLY_SOURCES", json.dumps([source]))
    monkeypatch.setenv("CLOUDTALLY_LAKE", lake)
    told = []
    adapter, event = said(cloud, bucket, f"my bills %41/{name}")
    assert receiving.receive(json.dumps(event), adapter, told.append) == ["landed"]
    [delivery] = open_lake(lake).deliveries()
    assert whole(lake, delivery) and delivery.rows == 1
    uri = f"{bucket}/my bills %41/{name}"
    assert [file.source_uri for file in delivery.files] == [uri]
    assert [one["uri"] for one in told[0]["data"]["sources"]] == [uri]
    assert receiving.receive(json.dumps(event), adapter, told.append) == ["known"] and len(told) == 1


@pytest.mark.parametrize("key", ["x//a.csv", "tab\t/a.csv", "./a.csv", "a/../a.csv"])
def test_an_object_that_s3s_client_cannot_name_is_told_of(enter, tmp_path, key):
    import boto3

    cloud = enter("s3")
    bucket = cloud.make(f"unnamed-{len(key)}-{ord(key[0])}")
    boto3.client("s3", endpoint_url=cloud.url).put_object(Bucket=bucket[5:], Key=key, Body=b"x")
    for source in (bucket, f"{bucket}/{key}"):
        with pytest.raises(
            LandingError, match="cannot be read; rename it, or give a folder without it"
        ) as told:
            land("aws", source, tmp_path / "lake")
        assert told.value.message.startswith(f"{bucket}/{key}: ")
