"""Google Cloud Functions or Run: Pub/Sub's push of storage notifications and audit-log entries.

Any project can have a token for this function's address, so the audience alone shows nothing: the token must
be of the push subscription's own service account.

Here: the entry point, who may call, and telling a topic. Not here: what is done with an event (receiving.py).
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any

from ingestion import environment
from ingestion.adapters import gcp
from ingestion.cloudevents import Event
from ingestion.handlers import Answer, lowered, tokens
from ingestion.receiving import Later, log, receive

_ISSUERS = ["https://accounts.google.com", "accounts.google.com"]
_TIMEOUT = (10, 60)


def handler(request: Any) -> tuple[str, int, dict[str, str]]:
    """What functions-framework calls, with a Flask request."""
    given = answer(request.method, request.headers, request.get_data())
    return given.body, given.status, dict(given.headers)


def answer(method: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """204 acknowledges; 503 lets Pub/Sub deliver again, and after its limit to its dead-letter topic."""
    log.setLevel(logging.INFO)
    if method != "POST":
        return Answer(405)
    try:
        _authenticate(headers)
        receive(body, gcp, emit)
    except tokens.Denied as error:
        log.warning("denied: %s", error)
        return Answer(401)
    except (Later, tokens.NoKeys) as error:
        log.warning("to be delivered again: %s", error)
        return Answer(503)
    return Answer(204)


def _authenticate(headers: Mapping[str, str]) -> None:
    audience, account = environment.audience(), environment.push_account()
    if not audience or not account:
        raise tokens.Denied("CLOUDTALLY_AUDIENCE and CLOUDTALLY_PUSH_ACCOUNT are not set")
    told = tokens.claims(lowered(headers), environment.google_keys(), _ISSUERS, audience)
    email = str(told.get("email", ""))
    if told.get("email_verified") is not True or not hmac.compare_digest(email.encode(), account.encode()):
        raise tokens.Denied("token: is not of the push subscription's service account")


def emit(event: Event) -> None:
    """Publish the event to the topic of CLOUDTALLY_EVENTS_TO (projects/P/topics/T), if there is one."""
    topic = environment.events_to()
    if not topic:
        return
    import google.auth
    import requests
    from google.auth.transport.requests import AuthorizedSession

    server = environment.pubsub_emulator()
    if server:
        session, root = requests.Session(), f"http://{server}"
    else:
        credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/pubsub"])
        session, root = AuthorizedSession(credentials), "https://pubsub.googleapis.com"
    attributes = {f"ce-{name}": event[name] for name in ("id", "source", "type", "specversion", "time")}
    data = base64.b64encode(json.dumps(event["data"]).encode()).decode()
    said = {"messages": [{"data": data, "attributes": attributes}]}
    session.post(f"{root}/v1/{topic}:publish", json=said, timeout=_TIMEOUT).raise_for_status()
