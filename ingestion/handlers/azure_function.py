"""Azure Functions: Event Grid's BlobCreated by webhook, or from a Service Bus queue.

A webhook's events are not signed: the caller's Entra token must be for this app, of this tenant and of Event
Grid's own application. A queue's messages were let in by Service Bus.

Here: the entry points, who may call, Event Grid's handshake, and telling a topic. Not here: what is done with
an event (receiving.py).
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Mapping

from ingestion import environment
from ingestion.adapters import LARGEST, Rejected, azure, optional, parsed
from ingestion.cloudevents import Event
from ingestion.handlers import Answer, lowered, tokens
from ingestion.receiving import Later, log, receive

_ORIGIN = "eventgrid.azure.net"
_TIMEOUT = (10, 60)


def answer(method: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """200 acknowledges; 503 lets Event Grid deliver again, and in the end to its dead-letter container."""
    log.setLevel(logging.INFO)
    known = lowered(headers)
    if method == "OPTIONS":  # the handshake of the CloudEvents schema, which comes without a token
        is_grid = known.get("webhook-request-origin") == _ORIGIN
        return Answer(200, headers={"WebHook-Allowed-Origin": _ORIGIN}) if is_grid else Answer(400)
    if method != "POST":
        return Answer(405)
    if len(body) > LARGEST:
        return Answer(413)
    try:
        _authenticate(known)
        if known.get("aeg-event-type") == "SubscriptionValidation":
            return _handshake(body)
        receive(body, azure, emit)
    except tokens.Denied as error:
        log.warning("denied: %s", error)
        return Answer(401)
    except (Later, tokens.NoKeys) as error:
        log.warning("to be delivered again: %s", error)
        return Answer(503)
    return Answer(200)


def message(body: bytes | str) -> None:
    """Of a Service Bus queue; raises Later, so that the message goes back to it."""
    log.setLevel(logging.INFO)
    receive(body, azure, emit)


def _handshake(body: bytes) -> Answer:
    """Event Grid's own schema: the code that it sent is said again."""
    try:
        said = parsed(body)
    except Rejected:
        return Answer(400)
    code = optional(said[0], "data.validationCode") if isinstance(said, list) and said else None
    if not isinstance(code, str):
        return Answer(400)
    return Answer(200, json.dumps({"validationResponse": code}), {"Content-Type": "application/json"})


def _authenticate(headers: Mapping[str, str]) -> None:
    tenant, audience, app = environment.tenant(), environment.audience(), environment.event_grid_app()
    if not tenant or not audience or not app:
        raise tokens.Denied("CLOUDTALLY_TENANT, CLOUDTALLY_AUDIENCE or CLOUDTALLY_EVENT_GRID_APP is not set")
    issuers = [f"https://login.microsoftonline.com/{tenant}/v2.0", f"https://sts.windows.net/{tenant}/"]
    told = tokens.claims(headers, environment.entra_keys(), issuers, audience)
    caller = str(told.get("azp") or told.get("appid") or "")
    if told.get("tid") != tenant or not hmac.compare_digest(caller.encode(), app.encode()):
        raise tokens.Denied("token: is not of this tenant and Event Grid's application")


def emit(event: Event) -> None:
    """Send the event to the topic of CLOUDTALLY_EVENTS_TO (https://…/api/events), if there is one."""
    topic = environment.events_to()
    if not topic:
        return
    import requests
    from azure.identity import DefaultAzureCredential

    token = DefaultAzureCredential().get_token("https://eventgrid.azure.net/.default").token
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    requests.post(topic, data=json.dumps(event), headers=headers, timeout=_TIMEOUT).raise_for_status()
