"""What the errors of obstore mean: which of ours, and what mends it.

Their own text is read and never repeated: it holds the store's answer, which may repeat a signature. Here:
S3's and Azure's statuses and codes. Not here: the calls that fail (obstore_bucket.py).
"""

from __future__ import annotations

import re

from obstore import exceptions

from ingestion.errors import LakeUnwritable, LandingError, NoAccess, Unreachable

LOGIN = {
    "s3": "set AWS_PROFILE, run aws sso login, or run where a role is attached",
    "azure": "run az login, set AZURE_STORAGE_ACCOUNT_KEY, or run where a managed identity is attached",
}
_KEY = "and the use of its key where it is encrypted with one"
_NETWORK = "and let this machine through the storage account's network rules"
_READ = {
    "s3": f"grant s3:GetObject and s3:ListBucket, {_KEY}, and where readers pay set "
    "CLOUDTALLY_REQUESTER_PAYS=1",
    "azure": f"grant Storage Blob Data Reader, {_NETWORK}",
}
_WRITE = {
    "s3": f"grant s3:PutObject, s3:GetObject, s3:DeleteObject and s3:ListBucket, {_KEY}",
    "azure": f"grant Storage Blob Data Contributor, {_NETWORK}",
}
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,80})</Code>")
_PATH = re.compile(r'Path "(.*?)"(?: contained|: Encountered)', re.DOTALL)
# codes that say more than their status
_LOGINS = {
    *("ExpiredToken", "TokenRefreshRequired", "InvalidToken", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    *("AuthenticationFailed", "InvalidAuthenticationInfo"),
}
_REGIONS = {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
_REDIRECTED = "incorrectly configured region"
_ARCHIVED = {"InvalidObjectState", "BlobArchived"}


def meant(kind: str, root: str, uri: str, error: Exception, writing: bool) -> LandingError:
    """The error of ours for one of obstore's, about an object or prefix of the bucket `root`."""
    text = str(error)
    found, named = _STATUS.search(text), _CODE.search(text)
    status, code = int(found[1]) if found else 0, named[1] if named else ""
    # S3 gives no code to who asks for an object's head
    if code in _REGIONS or status in (301, 307) or _REDIRECTED in text:
        return NoAccess(f"{uri}: the bucket is in another region; set AWS_REGION to the bucket's own")
    if code == "RequestTimeTooSkewed":
        return NoAccess(f"{uri}: the store does not take this machine's time; set its clock")
    if code in _ARCHIVED:
        return NoAccess(f"{uri}: the file lies in the store's archive; restore it there, and land again")
    if isinstance(error, exceptions.UnauthenticatedError) or status == 401 or code in _LOGINS:
        return NoAccess(f"{uri}: the credentials were not accepted, or have run out; {LOGIN[kind]}")
    if status == 400 and kind == "s3" and not code:
        return NoAccess(
            f"{uri}: the request was not accepted, mostly for credentials that ran out; {LOGIN[kind]}, and "
            "see that AWS_REGION is the bucket's"
        )
    if isinstance(error, exceptions.PermissionDeniedError) or status == 403:
        if writing:
            return LakeUnwritable(f"{uri}: no permission to write it; {_WRITE[kind]}")
        return NoAccess(f"{uri}: no permission to read it; {_READ[kind]}")
    if status == 404:
        return LandingError(f"{root}: no such bucket or container; check its name and the endpoint")
    if isinstance(error, exceptions.InvalidPathError | ValueError):
        path = _PATH.search(text)
        return LandingError(
            f"{root}/{path[1] if path else '…'}: a name with an empty part, a dot for one or a control "
            "character cannot be read; rename it, or give a folder without it as --source"
        )
    said = ", ".join(filter(None, (f"status {status}" if status else "no answer", code)))
    return Unreachable(
        f"{uri}: the store cannot be reached or failed ({said}), also after some tries; check network, "
        "endpoint and the cloud's state, and run again"
    )
