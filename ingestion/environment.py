"""The environment variables of Cloudtally and their defaults, read here and nowhere else in the package.

Here: where the lake, the warehouse file and the schemas are. Not here: opening any of them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)://")


def lake() -> str:
    """The lake's root, a path or URI (CLOUDTALLY_LAKE, default ./lake)."""
    return os.environ.get("CLOUDTALLY_LAKE") or "./lake"


def warehouse() -> str:
    """The DuckDB file (CLOUDTALLY_WAREHOUSE; default inside a local lake, else in the working folder)."""
    chosen = os.environ.get("CLOUDTALLY_WAREHOUSE")
    if chosen:
        return chosen
    root = lake()
    return (
        "./warehouse.duckdb"
        if scheme(root) not in (None, "file")
        else os.path.join(local(root), "warehouse.duckdb")
    )


def schema_prefix() -> str:
    """What stands before every schema name (CLOUDTALLY_SCHEMA_PREFIX, default empty)."""
    return os.environ.get("CLOUDTALLY_SCHEMA_PREFIX", "")


def cache() -> Path:
    """Where what is not Python's is kept between runs (CLOUDTALLY_CACHE, default ~/.cache/cloudtally)."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("CLOUDTALLY_CACHE") or os.path.join(home, "cloudtally")).expanduser().resolve()


def scratch() -> str | None:
    """Where bills are read that land in a remote lake (CLOUDTALLY_SCRATCH, default the system's own)."""
    return os.environ.get("CLOUDTALLY_SCRATCH") or None


def s3_endpoint() -> str:
    """Where S3 is asked instead of AWS (AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL, as boto3 has it)."""
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""


def azure_endpoint() -> str:
    """Where blobs are asked for instead of https://<account>.blob.core.windows.net."""
    return os.environ.get("AZURE_STORAGE_ENDPOINT", "")


def azure_account() -> str:
    """The storage account of URIs that name none (AZURE_STORAGE_ACCOUNT_NAME)."""
    return os.environ.get("AZURE_STORAGE_ACCOUNT_NAME", "")


def azure_secrets() -> tuple[str, str]:
    """Account key and shared access signature, each empty when unset; never to be shown."""
    return os.environ.get("AZURE_STORAGE_ACCOUNT_KEY", ""), os.environ.get("AZURE_STORAGE_SAS_TOKEN", "")


def requester_pays() -> bool:
    """Whether this account pays for reading S3 buckets (CLOUDTALLY_REQUESTER_PAYS)."""
    return _is_on("CLOUDTALLY_REQUESTER_PAYS")


def google_payer() -> str:
    """The Google project that pays for reading buckets (CLOUDTALLY_GOOGLE_PAYER), else empty."""
    return os.environ.get("CLOUDTALLY_GOOGLE_PAYER", "")


def extracts() -> str:
    """Where BigQuery writes what is to be landed of a table (CLOUDTALLY_EXTRACTS, gs://…), else empty."""
    return os.environ.get("CLOUDTALLY_EXTRACTS", "")


def bigquery_emulator() -> str:
    """The address of a BigQuery emulator, as Google's client has it."""
    return os.environ.get("BIGQUERY_EMULATOR_HOST", "")


def kms_key() -> str:
    """The key that a lake in S3 (an ARN) or Google's storage (a name) is encrypted with, else empty."""
    return os.environ.get("CLOUDTALLY_KMS_KEY", "")


def is_public() -> bool:
    """Whether buckets are read without credentials (CLOUDTALLY_ANONYMOUS)."""
    return _is_on("CLOUDTALLY_ANONYMOUS")


def sources() -> str:
    """The places whose events are taken, as JSON (CLOUDTALLY_SOURCES; docs/landing.md has the form)."""
    return os.environ.get("CLOUDTALLY_SOURCES", "")


def events_to() -> str:
    """Where a handler tells of deliveries beside the lake (CLOUDTALLY_EVENTS_TO): a bus, a topic, or none."""
    return os.environ.get("CLOUDTALLY_EVENTS_TO", "")


def audience() -> str:
    """Whom a caller's token must be for (CLOUDTALLY_AUDIENCE)."""
    return os.environ.get("CLOUDTALLY_AUDIENCE", "")


def push_account() -> str:
    """The service account by which Pub/Sub pushes (CLOUDTALLY_PUSH_ACCOUNT)."""
    return os.environ.get("CLOUDTALLY_PUSH_ACCOUNT", "")


def google_keys() -> str:
    """Where the keys are that Google signs tokens with (CLOUDTALLY_KEYS for another issuer's)."""
    return os.environ.get("CLOUDTALLY_KEYS") or "https://www.googleapis.com/oauth2/v3/certs"


def tenant() -> str:
    """The Entra tenant of Event Grid's tokens (CLOUDTALLY_TENANT)."""
    return os.environ.get("CLOUDTALLY_TENANT", "")


def event_grid_app() -> str:
    """The application id of Event Grid in the tenant (CLOUDTALLY_EVENT_GRID_APP)."""
    return os.environ.get("CLOUDTALLY_EVENT_GRID_APP", "")


def entra_keys() -> str:
    """Where the keys are that Entra signs the tenant's tokens with (CLOUDTALLY_KEYS for another issuer's)."""
    own = f"https://login.microsoftonline.com/{tenant()}/discovery/v2.0/keys"
    return os.environ.get("CLOUDTALLY_KEYS") or own


def pubsub_emulator() -> str:
    """host:port of a Pub/Sub emulator, as Google's clients have it."""
    return os.environ.get("PUBSUB_EMULATOR_HOST", "")


def _is_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes")


def scheme(uri: str) -> str | None:
    """The lower-case scheme of a URI, None for a plain path."""
    found = _SCHEME.match(uri)
    return found.group(1).lower() if found else None


def is_local(uri: str) -> bool:
    """Whether it is a path, or a file:// URI, of this machine."""
    return scheme(uri) in (None, "file")


def local(uri: str) -> str:
    """A plain path from a path or a file:// URI, whose %20 is a space."""
    return unquote(uri[len("file://") :]) if uri.lower().startswith("file://") else uri
