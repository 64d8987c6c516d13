"""Amazon EventBridge's "Object Created", by itself or as SQS and SNS wrap it.

Here: its fields. The key is not URL-encoded there, as it is in S3's older notifications, which are rejected.
"""

from __future__ import annotations

from typing import Any

from ingestion.adapters import Rejected, Said, arrived, field, optional, parsed
from ingestion.cloudevents import Event

_WRAPS = 4  # SNS in SQS in Lambda's list of records, and one to spare


def events(said: Said) -> list[Event]:
    """Raises Rejected."""
    return [_event(event) for event in _unwrapped(said, _WRAPS)]


def _unwrapped(said: Said, left: int) -> list[Any]:
    body = parsed(said)
    if not left or not isinstance(body, dict) or "detail-type" in body:
        return [body]
    if body.get("Type") == "Notification":
        return _unwrapped(field(body, "Message"), left - 1)
    if isinstance(records := body.get("Records"), list) and records:
        return [event for record in records for event in _unwrapped(_body(record), left - 1)]
    return [body]


def _body(record: Any) -> str:
    if isinstance(optional(record, "s3"), dict):
        raise Rejected("Records: is S3's own notification; turn on the bucket's EventBridge notifications")
    inside = optional(record, "body")
    return field(record, "Sns.Message") if inside is None else field(record, "body")


def _event(body: Any) -> Event:
    if not isinstance(body, dict):
        raise Rejected("event: is no JSON object")
    kind = (field(body, "source"), field(body, "detail-type"))
    if kind != ("aws.s3", "Object Created"):
        raise Rejected(
            f"detail-type: is {ascii(kind)[:80]}, not S3's Object Created; correct the rule's pattern"
        )
    account = field(body, "account")
    if not (len(account) == 12 and account.isascii() and account.isdigit()):
        raise Rejected("account: is no AWS account of twelve digits")
    return arrived(
        "aws",
        account,
        f"s3://{field(body, 'detail.bucket.name')}",
        field(body, "detail.object.key"),
        field(body, "id"),
        field(body, "time"),
        field(body, "detail.object.etag"),
        field(body, "detail.object.size", int),
    )
