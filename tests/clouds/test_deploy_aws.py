"""The AWS template, linted and deployed on an emulator: a put becomes a delivery and an event, by itself."""

import io
import json
import re
import subprocess
import sys
import time
import zipfile

import emulators
import pytest
from cloud_servers import contents, upload

from ingestion import cloudevents
from ingestion.lakes import open_lake

TEMPLATE = emulators.PROJECT / "deploy" / "aws" / "template.yaml"


def test_the_template_passes_cfn_lint():
    program = emulators.HOME / "ministack" / "bin" / "cfn-lint"
    if not program.exists():
        pytest.skip(f"cfn-lint {emulators.MISSING}")
    said = subprocess.run([str(program), str(TEMPLATE)], capture_output=True, text=True)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_the_deployments_page_names_the_rights_that_are_given():
    page = (emulators.PROJECT / "docs" / "deploy.md").read_text()
    said = page.partition("## AWS")[2].partition("## Google")[0].partition("| who")[2]
    given = set(re.findall(r"\b(?:s3|sqs|events|kms|logs):([A-Z]\w+)", TEMPLATE.read_text()))
    named = set(re.findall(r"`(?:\w+:)?([A-Z]\w+)`", said)) - {"Undelivered"}
    assert given == named and len(given) > 12


@pytest.fixture
def aws(enter):
    import boto3

    url = enter("s3").url
    return lambda service: boto3.client(service, endpoint_url=url)


@pytest.fixture
def deployed(aws, tmp_path):
    """The stack's outputs."""
    aws("s3").create_bucket(Bucket="deploy-code")
    aws("s3").create_bucket(Bucket="deploy-lake")
    folder = tmp_path / "function"
    package = (
        "import sys; sys.path.insert(0, 'deploy'); from package import package; from pathlib import Path; "
    )
    package += "package('aws', Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", package, str(folder)], check=True, cwd=emulators.PROJECT)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        for path in folder.rglob("*"):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    aws("s3").put_object(Bucket="deploy-code", Key="land.zip", Body=code.getvalue())
    # as `sam package` does
    text = TEMPLATE.read_text().replace("../../build/deploy/aws", "s3://deploy-code/land.zip")
    given = {
        "BillingBucketName": "deploy-bills",
        "BillingPrefix": "exports/cur",
        "LakeBucketName": "deploy-lake",
    }
    client = aws("cloudformation")
    client.create_stack(
        StackName="cloudtally",
        TemplateBody=text,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    for _ in range(100):
        [stack] = client.describe_stacks(StackName="cloudtally")["Stacks"]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            break
        time.sleep(0.2)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def test_a_put_becomes_a_delivery_and_an_event(aws, deployed, bills):
    queue = aws("sqs").create_queue(QueueName="listener")["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    pattern = {"source": ["cloudtally"], "detail-type": [cloudevents.INGESTED]}
    aws("events").put_rule(Name="listens", EventPattern=json.dumps(pattern))
    aws("events").put_targets(Rule="listens", Targets=[{"Id": "1", "Arn": arn}])
    bills.export("2026-01", chunks=2)
    upload(bills.root, "s3://deploy-bills")

    messages = []
    for _ in range(30):
        messages += aws("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
        if messages:
            break
    assert messages, contents("s3://deploy-lake")
    [delivery] = open_lake("s3://deploy-lake/tally").deliveries()
    event = cloudevents.checked(json.loads(messages[0]["Body"])["detail"], cloudevents.INGESTED)
    assert (event["id"], event["data"]["rows"]) == (delivery.delivery_id, 4)
    assert [source["uri"] for source in event["data"]["sources"]] == [
        file.source_uri for file in delivery.files
    ]
    left = aws("sqs").get_queue_attributes(
        QueueUrl=deployed["Undelivered"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert left["Attributes"]["ApproximateNumberOfMessages"] == "0"
