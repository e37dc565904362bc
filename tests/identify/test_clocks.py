"""Clocks and sols, compared with times that the missions published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.identify import identify
from catalogue.identify.clocks import SOLS, from_utc, shared_time, to_utc
from catalogue.registry import load_registry

LANDINGS = {
    # spacecraft: UTC of landing, sol on which it landed, local hour to an hour
    "perseverance": (datetime(2021, 2, 18, 20, 44, tzinfo=UTC), 0, 15.9),
    "curiosity": (datetime(2012, 8, 6, 5, 18, tzinfo=UTC), 0, 15.1),
    "insight": (datetime(2018, 11, 26, 19, 45, tzinfo=UTC), 0, 14.2),
    "phoenix": (datetime(2008, 5, 25, 23, 38, tzinfo=UTC), 0, 16.4),
    "spirit": (datetime(2004, 1, 4, 4, 26, tzinfo=UTC), 1, 14.4),
    "opportunity": (datetime(2004, 1, 25, 4, 54, tzinfo=UTC), 1, 13.4),
}


@pytest.mark.parametrize("craft", LANDINGS)
def test_each_landed_on_the_sol_with_which_its_count_begins(craft: str) -> None:
    landed, sol, hour = LANDINGS[craft]

    begin, end = SOLS[craft].span(sol)

    assert begin < landed < end
    assert (landed - begin) / (end - begin) * 24 == pytest.approx(hour, abs=0.2)
    assert SOLS[craft].number(from_utc(landed)) == sol


def test_every_count_of_sols_is_of_a_spacecraft_in_the_registry() -> None:
    assert set(SOLS) <= set(load_registry().spacecraft)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)))
def test_utc_and_terrestrial_time_lead_back_to_each_other(moment: datetime) -> None:
    instant = moment.replace(tzinfo=UTC)

    assert abs(to_utc(from_utc(instant)) - instant) <= timedelta(seconds=1)


@given(st.integers(0, 6000), st.sampled_from(sorted(SOLS)))
def test_the_noon_of_a_sol_is_in_that_sol(sol: int, craft: str) -> None:
    begin, end = SOLS[craft].span(sol)

    assert SOLS[craft].number(from_utc(begin + (end - begin) / 2)) == sol


def test_what_two_times_share() -> None:
    noon = datetime(2021, 12, 31, 12, tzinfo=UTC)

    assert shared_time(noon, noon + timedelta(minutes=1)) == "2021-12-31T12:00+00:00"
    assert shared_time(noon, noon + timedelta(hours=3)) == "2021-12-31"
    assert shared_time(noon - timedelta(days=1), noon) == "2021-12"
    assert shared_time(noon - timedelta(days=40), noon) == "2021"
    assert shared_time(noon, noon + timedelta(days=1)) is None


PUBLISHED = (
    # identifier made of a published pair of clock and UTC; the UTC
    ("NLF_0100_0675828717_276ECM_N0120340NCAM03250_07_195J02", "2021-06-01T14:14:37.984"),
    ("NRF_0731_0731848568_991ECM_N0120340NCAM03250_07_195J02", "2023-03-11T23:26:11.688"),
    ("ZL0_1990_0843603729_303EBY_N0120340ZCAM05025_1100LMJ01", "2026-09-25T10:47:12.579"),
    ("NLB_667283696EDR_F0650104NCAM00211M_", "2021-02-22T17:19:39.036"),
)


@pytest.mark.parametrize(
    ("name", "landing"),
    [
        ("2E126462400EDN0000F0006N0M1", LANDINGS["spirit"][0]),
        ("1E128278500EDN0000F0006N0M1", LANDINGS["opportunity"][0]),
    ],
)
def test_descent_pictures_were_taken_just_before_landing(name: str, landing: datetime) -> None:
    identity = identify(name)
    assert identity is not None

    told = datetime.fromisoformat(str(identity.fields["utc"]))

    assert timedelta(0) < landing - told < timedelta(minutes=2) or told.minute == landing.minute
    assert identity.sol == 1


@pytest.mark.parametrize(("name", "utc"), PUBLISHED)
def test_the_clock_is_right_within_its_stated_error(name: str, utc: str) -> None:
    identity = identify(name)
    assert identity is not None

    told = datetime.fromisoformat(str(identity.fields["utc"]))
    error = identity.fields["utc_error_s"]

    assert isinstance(error, int)
    assert abs(told - datetime.fromisoformat(utc).replace(tzinfo=UTC)).total_seconds() <= error


def test_a_time_is_as_precise_as_the_clock_allows() -> None:
    precise = identify("NLF_0100_0675828717_276ECM_N0120340NCAM03250_07_195J02")
    coarse = identify("1P150000000EFF2200P1861L2M1")
    assert precise is not None
    assert coarse is not None

    assert precise.taken == "2021-06-01T14:14+00:00"
    assert coarse.taken == "2004-10-02"
    assert int(str(coarse.fields["utc_error_s"])) > 60


def test_a_sol_alone_tells_what_its_two_days_share() -> None:
    identity = identify("1830ML0095990080703215C00_DXXX")

    assert identity is not None
    assert identity.taken == "2017-09"
    assert str(identity.fields["sol_start_utc"]) < str(identity.fields["sol_end_utc"])
