"""What goes wrong with bills: named changes to columns, values and bytes, each drawn with a seed.

Here: the mutations, which change a bill in place. Not here: what must become of such a bill (test_fuzz.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyarrow as pa
from bills import NUMBER, TEXT, Bill, Column

MUTATIONS: dict[str, Callable[[random.Random, Bill], None]] = {}


def mutation(change: Callable[[random.Random, Bill], None]) -> Callable[[random.Random, Bill], None]:
    MUTATIONS[change.__name__] = change
    return change


# columns


@mutation
def drop_column(rng: random.Random, bill: Bill) -> None:
    _remove(bill, rng.randrange(len(bill.columns)))


@mutation
def drop_needed_column(rng: random.Random, bill: Bill) -> None:
    place = bill.place(rng.choice(bill.needed))
    if place is not None:
        _remove(bill, place)


@mutation
def rename_column(rng: random.Random, bill: Bill) -> None:
    column = rng.choice(bill.columns)
    column.name = rng.choice([column.name + "_old", "x_" + column.name, " " + column.name, "Kosten", ""])


@mutation
def respell_column(rng: random.Random, bill: Bill) -> None:
    column = rng.choice(bill.columns)
    column.name = rng.choice([column.name.upper(), column.name.lower(), column.name.replace("_", "")])


@mutation
def reorder_columns(rng: random.Random, bill: Bill) -> None:
    order = rng.sample(range(len(bill.columns)), len(bill.columns))
    bill.columns[:] = [bill.columns[place] for place in order]
    bill.rows[:] = [[row[place] for place in order] for row in bill.rows]


@mutation
def duplicate_header(rng: random.Random, bill: Bill) -> None:
    name = rng.choice(bill.columns).name
    twin = rng.choice([name, name.upper(), name.lower()])
    if bill.format == "json" or (bill.format == "parquet" and twin == name):
        twin = name.swapcase()
    _insert(rng, bill, Column(twin), ["7"] * len(bill.rows))


@mutation
def lookalike_column(rng: random.Random, bill: Bill) -> None:
    name = rng.choice((*bill.money, *bill.needed))
    twin = "_".join(name) if rng.random() < 0.5 else name[:3] + "_" + name[3:]
    _insert(rng, bill, Column(twin), ["9.5"] * len(bill.rows))


@mutation
def unknown_column(rng: random.Random, bill: Bill) -> None:
    name = rng.choice(["x_Team", "Größe", "a b", 'quo"te', "select", "1"])
    _insert(rng, bill, Column(name), [rng.choice(["a", "", "1,5"]) for _ in bill.rows])


@mutation
def retype_column(rng: random.Random, bill: Bill) -> None:
    """Another type in Parquet, or another kind of value in JSON; in CSV a column of unexpected text."""
    place = rng.randrange(len(bill.columns))
    values: list[Any]
    type_, values = rng.choice(
        [
            (TEXT, [str(row[place]) for row in bill.rows]),
            (TEXT, ["abc"] * len(bill.rows)),
            (TEXT, [None] * len(bill.rows)),
            (pa.int64(), list(range(len(bill.rows)))),
            (pa.bool_(), [True] * len(bill.rows)),
            (pa.binary(), [b"abc"] * len(bill.rows)),
            (pa.list_(TEXT), [["a"]] * len(bill.rows)),
            (pa.struct([("a", TEXT)]), [{"a": "b"}] * len(bill.rows)),
            (pa.timestamp("ns"), [datetime(2026, 1, 5)] * len(bill.rows)),
            (pa.date32(), [datetime(2026, 1, 5).date()] * len(bill.rows)),
            (pa.float32(), [float(n) for n in range(len(bill.rows))]),
        ]
    )
    if bill.format != "parquet":
        values = [value.decode() if isinstance(value, bytes) else value for value in values]
        values = [value if _plain(value) else str(value) for value in values]
    if _is_account(bill, place):
        values = [_of_its_own(value, row[place]) for value, row in zip(values, bill.rows, strict=True)]
        if None in values:
            return
    bill.columns[place].type = type_
    for row, value in zip(bill.rows, values, strict=True):
        row[place] = value


def _is_account(bill: Bill, place: int) -> bool:
    """Two bills of one account would shadow one another, so what is put there has to be the bill's own."""
    return "account" in bill.columns[place].name.lower()


def _of_its_own(value: Any, account: Any) -> str | float | None:
    """A text or number that no other bill has; None for what can be no account's."""
    if isinstance(value, str):
        return f"{value}{account}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value + type(value)(100 * int("0" + "".join(filter(str.isdigit, str(account)))))
    return None


@mutation
def numbers_as_text(rng: random.Random, bill: Bill) -> None:
    for place, column in enumerate(bill.columns):
        if column.type == NUMBER:
            column.type = TEXT
            for row in bill.rows:
                row[place] = None if row[place] is None else repr(row[place])


# values


@mutation
def decimal_comma(rng: random.Random, bill: Bill) -> None:
    _spell_money(rng, bill, lambda text: text.replace(".", ","))


@mutation
def odd_number(rng: random.Random, bill: Bill) -> None:
    odd = [
        "1,234.50",
        "1.234,50",
        "€5",
        "$1",
        "NaN",
        "inf",
        "-Infinity",
        "1e5",
        "0x1F",
        "--1",
        "n/a",
        "(1.5)",
    ]
    odd += [
        " 1.5 ",
        "1.5\t",
        "1_000",
        " ",
        "+2",
        ".5",
        "5.",
        "1e-30",
        "١٢",
        "true",
        "NULL",
        "1 000",
        "1.5.2",
        "-0",
    ]
    chosen = rng.choice(odd)
    _spell_money(rng, bill, lambda text: chosen, one=True)


@mutation
def huge_number(rng: random.Random, bill: Bill) -> None:
    sizes = ["1e400", "1e300", "1e26", "99999999999999999999999999", "1e16", "987654321.123456", "123456789"]
    chosen = rng.choice(["", "-"]) + rng.choice(sizes)
    place = bill.place(rng.choice(bill.money))
    if place is not None:
        value = chosen if pa.types.is_string(bill.columns[place].type) else float(chosen)
        if bill.format == "json" and chosen.endswith("e400"):
            value = chosen
        _put(bill, rng.randrange(len(bill.rows)), place, value)


@mutation
def negative_numbers(rng: random.Random, bill: Bill) -> None:
    _spell_money(rng, bill, lambda text: text[1:] if text.startswith("-") else "-" + text)


@mutation
def null_value(rng: random.Random, bill: Bill) -> None:
    _put(bill, rng.randrange(len(bill.rows)), rng.randrange(len(bill.columns)), None)


@mutation
def null_needed_value(rng: random.Random, bill: Bill) -> None:
    place = bill.place(rng.choice(bill.needed))
    if place is not None:
        blank = rng.choice([None, "", " ", "NULL"])
        _put(bill, rng.randrange(len(bill.rows)), place, blank if _is_text(bill, place) else None)


@mutation
def odd_date(rng: random.Random, bill: Bill) -> None:
    odd = [
        "20260105",
        "2026-W02-1",
        "05.01.2026",
        "31/01/2026",
        "1/5/2026",
        "01/05/2026",
        "2026-02-30",
        "soon",
    ]
    odd += [
        "2026-01-05T00:00:00+14:00",
        "2026-01-31T23:00:00Z",
        "2026-01-05 00:00:00 UTC",
        "0001-01-01",
        "9999-12-31",
    ]
    odd += [
        "infinity",
        "epoch",
        " 2026-01-05",
        "2026/01/05",
        "2026-1-5",
        "46027",
        "1767571200",
        "01/05/2026 12:00:00",
    ]
    odd += ["202601", "2026-01", "2025-12-31T20:00:00-08:00", "2026-01-05T24:00:00", "Jan 5, 2026"]
    place = bill.place(rng.choice(bill.dates))
    if place is not None:
        chosen = rng.choice(odd)
        for number in range(len(bill.rows)) if rng.random() < 0.5 else [rng.randrange(len(bill.rows))]:
            _put(bill, number, place, chosen)


@mutation
def unknown_type(rng: random.Random, bill: Bill) -> None:
    place = bill.place(bill.kind)
    if place is not None:
        kinds = [
            "Gebühr",
            "UsageV2",
            "usage",
            "Usage ",
            "DistributorDiscount",
            "0",
            "regular\nusage",
            "'; drop",
        ]
        _put(bill, rng.randrange(len(bill.rows)), place, rng.choice(kinds))


@mutation
def odd_text(rng: random.Random, bill: Bill) -> None:
    texts = [
        "",
        " ",
        "NULL",
        "null",
        "'",
        '"',
        "\\",
        "a,b",
        "a\nb",
        "a\r\nb",
        "\u200b",
        "😀",
        "{",
        "[1]",
        '{"a": 1}',
        "#x",
    ]
    places = [place for place, column in enumerate(bill.columns) if pa.types.is_string(column.type)]
    place, number, text = rng.choice(places), rng.randrange(len(bill.rows)), rng.choice([*texts, "x" * 5000])
    if _is_account(bill, place):
        text += str(bill.rows[number][place])
    _put(bill, number, place, text)


@mutation
def odd_nested(rng: random.Random, bill: Bill) -> None:
    """Nested values that are not what they should be: only JSON can hold these."""
    if bill.format != "json":
        return odd_text(rng, bill)
    odd = [
        [],
        {},
        [1],
        "text",
        7,
        True,
        {"month": 202602},
        [{"amount": "x"}],
        [{"amount": "1.5"}],
        {"amount": "1,5"},
    ]
    odd += [
        [{"amount": 1e300}],
        [None],
        {"month": "2026-01"},
        [{"key": 1, "value": {"a": 1}}],
        {"amount": [1]},
    ]
    place = bill.place(rng.choice(["invoice", "credits", "labels", "usage", "project", "sku"]))
    if place is not None:
        _put(bill, rng.randrange(len(bill.rows)), place, rng.choice(odd))


# rows


@mutation
def no_rows(rng: random.Random, bill: Bill) -> None:
    bill.rows.clear()


@mutation
def repeat_rows(rng: random.Random, bill: Bill) -> None:
    bill.rows += [list(rng.choice(bill.rows)) for _ in range(rng.randrange(1, 12))] if bill.rows else []


@mutation
def total_line(rng: random.Random, bill: Bill) -> None:
    row = [None] * len(bill.columns)
    bill.rows.append(
        ["Total" if _is_text(bill, place) and not place else value for place, value in enumerate(row)]
    )


# bytes


@mutation
def empty_file(rng: random.Random, bill: Bill) -> None:
    bill.spoils.append(lambda data: b"")


@mutation
def truncated(rng: random.Random, bill: Bill) -> None:
    share = rng.random()
    bill.spoils.append(lambda data: data[: int(len(data) * share)])


@mutation
def lost_last_byte(rng: random.Random, bill: Bill) -> None:
    count = rng.randrange(1, 5)
    bill.spoils.append(lambda data: data[:-count])


@mutation
def broken_encoding(rng: random.Random, bill: Bill) -> None:
    encoding = rng.choice(["latin-1", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig", "cp037"])
    if bill.format != "parquet":
        bill.spoils.append(lambda data: data.decode("utf-8", "ignore").encode(encoding, "replace"))


@mutation
def flipped_bytes(rng: random.Random, bill: Bill) -> None:
    places = [(rng.random(), rng.randrange(1, 256)) for _ in range(rng.randrange(1, 4))]

    def flip(data: bytes) -> bytes:
        changed = bytearray(data)
        for share, bits in places:
            if changed:
                changed[int(share * len(changed))] ^= bits
        return bytes(changed)

    if bill.format != "parquet":  # a flipped byte of Parquet's data pages is another, equally valid number
        bill.spoils.append(flip)


@mutation
def lost_middle(rng: random.Random, bill: Bill) -> None:
    share, size = rng.random(), rng.randrange(1, 200)
    bill.spoils.append(lambda data: data[: int(len(data) * share)] + data[int(len(data) * share) + size :])


@mutation
def line_ends(rng: random.Random, bill: Bill) -> None:
    ends = rng.choice([b"\r\n", b"\r", b"\n\n", b"\r\r\n"])
    if bill.format != "parquet":
        bill.spoils.append(lambda data: data.replace(b"\n", ends))


@mutation
def other_separator(rng: random.Random, bill: Bill) -> None:
    mark = rng.choice([b";", b"\t", b"|"])
    if bill.format == "csv":
        bill.spoils.append(lambda data: data.replace(b",", mark))


@mutation
def lines_before(rng: random.Random, bill: Bill) -> None:
    line = rng.choice([b"Cost report 2026\n", b"\n", b"# note, of two\n", b"sep=,\n"])
    if bill.format != "parquet":
        bill.spoils.append(lambda data: line + data)


@mutation
def lost_header(rng: random.Random, bill: Bill) -> None:
    if bill.format == "csv":
        bill.spoils.append(lambda data: data.partition(b"\n")[2])


def mutate(rng: random.Random, bill: Bill) -> list[str]:
    """Change a bill in one to three ways, and say in which."""
    done = rng.choices(list(MUTATIONS), k=rng.choice([1, 1, 1, 2, 3]))
    # bytes come last in any case; without a column or row left nothing more can be drawn
    for name in done:
        if bill.columns and (bill.rows or name in ("empty_file", "truncated")):
            MUTATIONS[name](rng, bill)
    return done


def _remove(bill: Bill, place: int) -> None:
    del bill.columns[place]
    for row in bill.rows:
        del row[place]


def _insert(rng: random.Random, bill: Bill, column: Column, values: list[Any]) -> None:
    place = rng.randrange(len(bill.columns) + 1)
    bill.columns.insert(place, column)
    for row, value in zip(bill.rows, values, strict=True):
        row.insert(place, value)


def _is_text(bill: Bill, place: int) -> bool:
    return bill.format != "parquet" or pa.types.is_string(bill.columns[place].type)


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool | list | dict)


def _put(bill: Bill, number: int, place: int, value: Any) -> None:
    """Set one value; where the column's type in Parquet cannot hold it, the column becomes text."""
    column = bill.columns[place]
    if bill.format == "parquet" and value is not None:
        try:
            pa.array([value], type=column.type)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            column.type = TEXT
            for row in bill.rows:
                row[place] = None if row[place] is None else str(row[place])
            value = str(value)
    bill.rows[number][place] = value


def _spell_money(rng: random.Random, bill: Bill, spell: Callable[[str], str], one: bool = False) -> None:
    place = bill.place(rng.choice(bill.money))
    if place is None:
        return
    for number in [rng.randrange(len(bill.rows))] if one else range(len(bill.rows)):
        value = bill.rows[number][place]
        if value is None:
            continue
        text = spell(
            value if isinstance(value, str) else f"{value:.12f}" if isinstance(value, float) else str(value)
        )
        try:
            number_again: Any = float(text) if pa.types.is_floating(bill.columns[place].type) else text
        except ValueError:
            number_again = text
        if number_again != number_again or number_again in (float("inf"), float("-inf")):
            number_again = text if bill.format == "json" else number_again
        _put(bill, number, place, number_again)
