"""AWS Lambda: EventBridge's "Object Created", from an SQS queue or directly.

The function's and the queue's policies say who may call; what an event says is still held to the accounts and
buckets of CLOUDTALLY_SOURCES, since events are not signed. Of a batch only those messages that may work later
go back to the queue, which sends what fails too often to its dead-letter queue.

Here: the entry point, and telling an event bus. Not here: what is done with an event (receiving.py).
"""

from __future__ import annotations

import json
import logging
from typing import Any

from ingestion import environment
from ingestion.adapters import aws
from ingestion.cloudevents import Event
from ingestion.receiving import Later, log, receive


def handler(event: dict[str, Any], context: object = None) -> dict[str, Any]:
    """The messages of a batch that are to come again; for a single event what was done with it."""
    log.setLevel(logging.INFO)
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not all(_is_message(record) for record in records):
        return {"outcome": receive(event, aws, emit)}
    failed = []
    for record in records:
        try:
            receive(record["body"], aws, emit)
        except Later:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _is_message(record: Any) -> bool:
    return isinstance(record, dict) and isinstance(record.get("body"), str) and "messageId" in record


def emit(event: Event) -> None:
    """Put the event on the bus of CLOUDTALLY_EVENTS_TO, if there is one."""
    bus = environment.events_to()
    if not bus:
        return
    import boto3

    entry = {
        "EventBusName": bus,
        "Source": "cloudtally",
        "DetailType": event["type"],
        "Detail": json.dumps(event),
    }
    answer = boto3.client("events").put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        raise RuntimeError(answer["Entries"][0].get("ErrorCode"))
