"""What a copied file is, told by its first bytes: its format, its encoding, and the header of a CSV file.

Here: bytes that are looked at before DuckDB is given the file. Not here: reading it (tables.py) and what
its columns mean (recognition.py).
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ingestion.errors import LandingError, reading

_BEGINNING = 1 << 14
_SEPARATORS = {";": "semicolons (;)", "\t": "tabs", "|": "bars (|)"}


def kind(path: Path, label: str) -> str:
    """`parquet`, `csv`, `json` (lines) or `empty`. Raises LandingError for what is none of them."""
    with reading(label), path.open("rb") as file:
        head = file.read(4)
    name = path.name.lower()
    if not head:
        return "empty"
    if head == b"PAR1":
        return "parquet"
    if head.startswith(b"PK"):
        raise LandingError(f"{label}: a ZIP archive or workbook, not a bill; unpack it or export it as CSV")
    packed = head.startswith(b"\x1f\x8b")
    if packed != name.endswith(".gz"):
        fault = "holds gzip but its name does not end in .gz" if packed else "is named .gz but is not gzip"
        raise LandingError(f"{label}: the file {fault}; rename it or copy it again")
    if name.endswith(".parquet"):
        raise LandingError(f"{label}: is named .parquet but is not Parquet, or is damaged; copy it again")
    with _unpacked(path, label) as file:
        text = file.read(_BEGINNING)
    if not text:
        return "empty"
    _refuse_other_encodings(text, label)
    start = text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"[":
        raise LandingError(
            f"{label}: a JSON array; export it as newline-delimited JSON (one object per row) or as Parquet"
        )
    return "json" if start == b"{" else "csv"


def header(path: Path, label: str) -> tuple[str, ...]:
    """The column names of a CSV file as it spells them. Raises LandingError when commas do not part them."""
    with _unpacked(path, label) as file:
        try:
            names = next(_rows(file), [])
        except csv.Error as error:
            raise LandingError(
                f"{label}: its first line cannot be read as a CSV header; "
                "export it again, with lines that end in LF or CRLF"
            ) from error
    if not names:
        raise LandingError(f"{label}: its first line is empty where the header should be; export it again")
    names[0] = names[0].removeprefix("\ufeff")
    if len(names) == 1:
        for mark, spoken in _SEPARATORS.items():
            if mark in names[0]:
                raise LandingError(
                    f"{label}: its columns are not separated by commas but by {spoken}, "
                    f"from {names[0].split(mark)[0]!r} on; "
                    "export it again as comma-separated CSV with a decimal point in numbers"
                )
    return tuple(names)


def repeated(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The names of a header that stand there twice, whatever their letter case, as (first, second)."""
    first: dict[str, int] = {}
    places = [(first.setdefault(name.lower(), place), place) for place, name in enumerate(names) if name]
    return [(names[one], names[other]) for one, other in places if one != other]


def refuse_uneven(path: Path, label: str, width: int) -> None:
    """Raise LandingError about the first row of a CSV file that has more or fewer fields than its header."""
    with _unpacked(path, label) as file:
        rows = _rows(file)
        try:
            for number, row in enumerate(rows):
                if row and len(row) != width:
                    raise LandingError(
                        f"{label}: row {number} has {len(row)} fields where the header has {width}; "
                        "the file was cut short or edited, or begins with no header: export or copy it again"
                    )
        except csv.Error:
            return


def _rows(file: IO[bytes]) -> Iterator[list[str]]:
    return csv.reader(line.decode("utf-8", errors="replace") for line in file)


def _refuse_other_encodings(text: bytes, label: str) -> None:
    few, many = sorted((text[0::2].count(0), text[1::2].count(0)))
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or (many > len(text) / 4 and few * 4 < many):
        raise LandingError(f"{label}: UTF-16 text, not UTF-8; save or export it as UTF-8 CSV")
    if many:
        raise LandingError(f"{label}: holds binary data, neither Parquet nor text; copy or export it again")


@contextmanager
def _unpacked(path: Path, label: str) -> Iterator[IO[bytes]]:
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
            yield file
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise LandingError(f"{label}: the gzip file is cut short or damaged; copy it again") from error
    except OSError as error:
        raise LandingError(f"{label}: cannot be read ({error}); copy it again") from error
