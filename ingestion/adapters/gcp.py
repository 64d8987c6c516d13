"""Google's Pub/Sub push: Cloud Storage's OBJECT_FINALIZE, and a finished BigQuery job by the audit log.

Here: the envelope and the fields of the two. A table is named bigquery://project/dataset/table.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from ingestion.adapters import Rejected, Said, arrived, field, optional, parsed
from ingestion.cloudevents import Event

_TABLE = re.compile(r"projects/([^/]+)/datasets/([^/]+)/tables/([^/]+)")
_METADATA = "protoPayload.metadata"
_COMPLETED = "protoPayload.serviceData.jobCompletedEvent"  # the log's form until 2019, which some sinks have


def events(said: Said) -> list[Event]:
    """Raises Rejected."""
    message = field(parsed(said), "message", dict)
    if optional(message, "attributes.bucketId") is not None:
        found = _object(message)
    else:
        found = _table(parsed(_data(message)))
    return [found] if found else []


def _data(message: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(field(message, "data"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected("message.data: is no Base64") from error


def _object(message: dict[str, Any]) -> Event | None:
    said = field(message, "attributes", dict)
    if field(said, "eventType") != "OBJECT_FINALIZE":
        return None
    generation = field(said, "objectGeneration")
    size = None
    if said.get("payloadFormat") == "JSON_API_V1":
        told = field(parsed(_data(message)), "size", (str, int))
        if not re.fullmatch(r"[0-9]{1,18}", str(told)):
            raise Rejected("size: is no number of bytes")
        size = int(told)
    return arrived(
        "gcp",
        None,
        f"gs://{field(said, 'bucketId')}",
        field(said, "objectId"),
        f"{field(said, 'bucketId')}/{field(said, 'objectId')}/{generation}",
        str(said.get("eventTime") or optional(message, "publishTime") or ""),
        generation,
        size,
    )


def _table(entry: Any) -> Event | None:
    job = optional(entry, f"{_METADATA}.jobChange") or optional(entry, _COMPLETED)
    if isinstance(job, dict):
        path = _destination(job)
    elif isinstance(optional(entry, f"{_METADATA}.tableDataChange"), dict):
        path = field(entry, "protoPayload.resourceName")
    else:
        raise Rejected(
            "message: is neither an object's notification nor a BigQuery job's or table's log entry"
        )
    if path is None:
        return None
    table = _TABLE.fullmatch(path)
    if not table:
        raise Rejected(f"table: {ascii(path)[:80]} is no projects/P/datasets/D/tables/T")
    project, dataset, name = table.groups()
    name = name.partition("$")[0]  # a partition of it was written
    id, time = field(entry, "insertId"), field(entry, "timestamp")
    return arrived("gcp", project, f"bigquery://{project}", f"{dataset}/{name}", id, time)


def _destination(job: dict[str, Any]) -> str | None:
    """The table that a job wrote; None of a job that failed, still runs or writes none."""
    state = optional(job, "job.jobStatus.state") or optional(job, "job.jobStatus.jobState")
    error = optional(job, "job.jobStatus.errorResult") or optional(job, "job.jobStatus.error")
    if (job.get("after") or state) != "DONE" or (error and error != {}):
        return None
    configured = optional(job, "job.jobConfig") or optional(job, "job.jobConfiguration")
    for name in ("queryConfig", "loadConfig", "tableCopyConfig", "query", "load", "tableCopy"):
        table = optional(configured, f"{name}.destinationTable")
        if isinstance(table, dict):
            parts = (field(table, "projectId"), field(table, "datasetId"), field(table, "tableId"))
            return "projects/{}/datasets/{}/tables/{}".format(*parts)
        if table is not None:
            return field(configured, f"{name}.destinationTable")
    return None
