"""What can go wrong in a landing, said to a person: the file, the field and the remedy in one message.

Here: the exceptions, which of them may pass by themselves, and the translation of operating-system errors
into them. Not here: the checks that raise them (they stand where the fact is known).
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_NO_SPACE = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


class LandingError(Exception):
    """A landing, rollback or prune that cannot be done. `message` is complete and fit to print."""

    def __init__(self, message: str) -> None:
        message = message.encode(errors="backslashreplace").decode()  # a file's name need not be UTF-8
        super().__init__(message)
        self.message = message
        self.result = None  # a LandingResult, when other deliveries of the same source were settled


class NoBill(LandingError):
    """The source holds exports, and none is a bill, or none has a row; nothing is wrong with them."""


class SourceChanged(LandingError):
    """The provider rewrote the source while it was being copied; the landing may be tried again."""


class LakeUnwritable(LandingError):
    """The lake itself cannot take the delivery; no other delivery of the source would fare better."""


class NoAccess(LandingError):
    """Credentials or rights are missing; the same landing works once they are given."""


class Unreachable(LandingError):
    """A store did not answer, or failed, also after some tries; the landing may be tried again later."""


class Incomplete(LandingError):
    """A manifest names files that are not there, or not yet; the landing may be tried again later."""


MAY_PASS = (SourceChanged, Incomplete, Unreachable, NoAccess, LakeUnwritable)


def together(errors: Sequence[LandingError], result: object) -> LandingError:
    """One error that says all of these, with the LandingResult of what was settled nevertheless. It is of a
    kind that may pass when all of them are."""
    kind = type(errors[0]) if all(isinstance(error, MAY_PASS) for error in errors) else LandingError
    error = errors[0] if len(errors) == 1 else kind("\n".join(e.message for e in errors))
    error.result = result
    return error


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn an OSError while reading the source file `what` into a LandingError."""
    try:
        yield
    except FileNotFoundError as error:
        raise SourceChanged(
            f"{what}: the file vanished while it was read; run the landing again once the export has finished"
        ) from error
    except PermissionError as error:
        raise LandingError(
            f"{what}: no permission to read it; grant read access to this user and run again"
        ) from error
    except OSError as error:
        raise LandingError(
            f"{what}: cannot be read ({error.strerror}); check the source and run again"
        ) from error


@contextmanager
def writing(where: str) -> Iterator[None]:
    """Turn an OSError while writing under the lake `where` into a LakeUnwritable."""
    try:
        yield
    except PermissionError as error:
        raise LakeUnwritable(
            f"{where}: no permission to write the lake; grant write access or set CLOUDTALLY_LAKE "
            f"to another folder"
        ) from error
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise LakeUnwritable(
                f"{where}: no space left for the delivery ({error.strerror}), nothing was landed; "
                "free some space or set CLOUDTALLY_LAKE to a larger disk, and run again"
            ) from error
        raise LakeUnwritable(
            f"{where}: the lake cannot be written ({error.strerror}); check the path or set CLOUDTALLY_LAKE"
        ) from error
