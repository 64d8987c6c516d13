"""Bearer tokens of those who call by HTTP: signed by whom, for whom, still good, and of which identity.

Here: JWTs against published keys, which are fetched over HTTPS and kept for five minutes. A token is never
logged. Not here: which identity a cloud's events come from (the handlers).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jwt


class Denied(Exception):
    """The caller is not who it must be. The message is for our own log, not for the caller."""


class NoKeys(Exception):
    """The issuer's keys cannot be had just now."""


def claims(headers: Mapping[str, str], keys: str, issuers: list[str], audience: str) -> dict[str, Any]:
    """The claims of the token in `authorization`, by lower-case headers. Raises Denied or NoKeys."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Denied("no bearer token")
    try:
        key = _client(keys).get_signing_key_from_jwt(token.strip())
        return jwt.decode(
            token.strip(),
            key.key,
            algorithms=["RS256"],
            audience=audience,
            issuer=issuers,
            options={"require": ["exp", "iat", "aud", "iss"]},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise NoKeys(f"{keys} does not answer") from error
    except (jwt.PyJWTError, ValueError) as error:
        raise Denied(f"token: {type(error).__name__}") from error


@cache
def _client(keys: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(keys, timeout=10)
