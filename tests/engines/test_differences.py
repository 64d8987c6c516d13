"""The comparison of rows itself: it finds what differs, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from equality import differences

TYPES = {
    "row_key": "VARCHAR",
    "service_name": "VARCHAR",
    "tags": "VARCHAR",
    "charge_date": "DATE",
    "charged_at": "TIMESTAMP",
    "rows": "BIGINT",
    "cost": "DECIMAL(38,12)",
    "price": "DOUBLE",
}
ROW = (
    "a",
    "Disks",
    '{"b": 1, "a": 2}',
    date(2026, 1, 2),
    datetime(2026, 1, 2, 3),
    5,
    Decimal("1.5"),
    0.25,
)


def changed(**values) -> tuple:
    return tuple(values.get(name, value) for name, value in zip(TYPES, ROW, strict=True))


@pytest.mark.parametrize(
    "same",
    [
        {"row_key": "b"},
        {"tags": '{"a":2,"b":1}'},
        {"charge_date": "2026-01-02"},
        {"charged_at": "2026-01-02 03:00:00 UTC"},
        {"charged_at": datetime(2026, 1, 2, 3, tzinfo=UTC)},
        {"rows": "5"},
        {"cost": "1.5000009"},
        {"price": "0.25"},
    ],
)
def test_what_clients_write_in_another_way_is_the_same(same: dict) -> None:
    assert differences(TYPES, [ROW], list(TYPES), [changed(**same)]) == []


@pytest.mark.parametrize(
    "other",
    [
        {"service_name": "disks"},
        {"service_name": None},
        {"tags": '{"a": 2}'},
        {"charge_date": date(2026, 1, 3)},
        {"charged_at": datetime(2026, 1, 2, 4)},
        {"rows": 6},
        {"cost": Decimal("1.500002")},
        {"cost": None},
        {"price": 0.250001},
    ],
)
def test_another_value_is_a_difference(other: dict) -> None:
    assert differences(TYPES, [ROW], list(TYPES), [changed(**other)])


def test_rows_are_counted_and_their_order_is_free() -> None:
    second = changed(service_name="Cables", cost=Decimal(2))
    assert differences(TYPES, [ROW, second], list(TYPES), [second, ROW]) == []
    (line,) = differences(TYPES, [ROW, ROW], list(TYPES), [ROW])
    assert "1 rows where DuckDB has 2" in line
    assert differences(TYPES, [ROW], list(TYPES), [ROW, second])


def test_columns_are_the_same_in_any_order_and_case() -> None:
    names = [name.upper() for name in reversed(TYPES)]
    assert differences(TYPES, [ROW], names, [tuple(reversed(ROW))]) == []
    assert differences(TYPES, [ROW], [*names[1:], "OTHER"], [tuple(reversed(ROW))])


def test_times_are_compared_to_the_millisecond_and_flags_in_any_spelling() -> None:
    types = {"charged_at": "TIMESTAMP", "is_complete": "BOOLEAN"}
    wanted = [(datetime(2026, 1, 2, 3, 0, 0, 999_600), True)]
    assert differences(types, wanted, list(types), [("2026-01-02 03:00:01.000", "true")]) == []
    assert differences(types, wanted, list(types), [("2026-01-02 03:00:01.000", "false")])
    assert differences(types, wanted, list(types), [("2026-01-02 03:00:01.002", 1)])
