"""Incidents over days and series: their names through runs, restated data and people's verdicts."""

from __future__ import annotations

import pandas as pd
import pytest
from test_anomalies import complete, daily, day, judge, noisy

from intelligence.anomalies import BadInput, anomalies


def services() -> dict:
    """Six services in each of three accounts."""
    return {(a, f"S{n}"): noisy(150, 100, 10 * i + n) for i, a in enumerate("abc") for n in range(6)}


def test_a_spike_over_services_of_an_account_is_one_incident() -> None:
    costs = services()
    costs["b", "S3"][100:103] *= 3
    costs["b", "S1"][101:103] *= 3
    costs["b", "S5"][100:103] *= 3
    flags = judge(costs)
    assert set(flags["series_id"]) == {"aws/b/S1", "aws/b/S3", "aws/b/S5"}
    assert set(flags["event_id"]) == {f"{day(100):%Y-%m-%d}/aws/b/S3"}
    assert flags["explanation"].str.contains("One incident of 3 series").all()


def test_a_spike_of_one_service_over_accounts_is_one_incident() -> None:
    costs = services()
    for account in "abc":
        costs[account, "S4"][100] *= 4
    flags = judge(costs)
    assert len(flags) == 3 and set(flags["event_id"]) == {f"{day(100):%Y-%m-%d}/aws/a/S4"}
    assert '"sub_account_id"' in flags["contributors"].iloc[0]


def test_unrelated_spikes_are_incidents_of_their_own() -> None:
    costs = services()
    costs["a", "S1"][100] *= 4
    costs["b", "S2"][100] *= 4  # another account and service
    costs["a", "S3"][110] *= 4  # another day
    costs["a", "S5"][100] *= 0.1  # another direction
    assert judge(costs)["event_id"].nunique() == 4


def test_an_incident_keeps_its_name_when_an_earlier_day_is_restated() -> None:
    costs = services()
    costs["b", "S3"][100:102] *= 3
    before = judge(costs)
    costs["b", "S3"][99] *= 3
    costs["b", "S1"][99] *= 3
    after = judge(costs, previous=before)
    assert len(after) == 4 and set(after["event_id"]) == set(before["event_id"])


def test_what_restated_data_withdraw_stays_as_withdrawn() -> None:
    costs = services()
    costs["b", "S3"][100] *= 3
    costs["a", "S0"][120] *= 3
    before = judge(costs)
    costs["b", "S3"][100] /= 3
    after = judge(costs, previous=before)
    assert dict(zip(after["series_id"], after["status"], strict=True)) == {
        "aws/b/S3": "withdrawn",
        "aws/a/S0": "open",
    }
    assert set(after["event_id"]) == set(before["event_id"])
    costs["b", "S3"][100] *= 3
    again = judge(costs, previous=after)
    assert set(again["status"]) == {"open"} and set(again["event_id"]) == set(before["event_id"])


def test_flags_older_than_the_data_stay_as_they_were() -> None:
    costs = services()
    costs["b", "S3"][40] *= 3
    before = judge(costs)
    rows = daily(costs)
    after = anomalies(rows[rows["charge_date"] >= day(60)], complete(day(149)), previous=before)
    assert list(after["status"]) == ["open"]


def test_an_empty_run_withdraws_nothing_that_it_cannot_see() -> None:
    costs = services()
    costs["b", "S3"][100] *= 3
    before = judge(costs)
    after = anomalies(daily(costs).iloc[:0], complete(day(149)), previous=before)
    assert list(after["status"]) == ["open"]


def test_verdicts_set_the_status_of_the_whole_incident() -> None:
    costs = services()
    costs["b", "S3"][100:102] *= 3
    costs["a", "S0"][120] *= 3
    event = f"{day(100):%Y-%m-%d}/aws/b/S3"
    said = pd.DataFrame({"event_id": [event, "unknown"], "verdict": ["expected", "dismissed"]})
    flags = judge(costs, feedback=said)
    assert list(flags["status"]) == ["expected", "expected", "open"]
    with pytest.raises(BadInput, match="expected or dismissed"):
        judge(costs, feedback=said.assign(verdict="fine"))
