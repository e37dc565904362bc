"""What is made while something else goes on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from catalogue.meanwhile import Meanwhile


def test_it_is_made_once_and_not_before_somebody_asks() -> None:
    makers: list[str] = []
    may_go_on = threading.Event()

    def make() -> str:
        makers.append(threading.current_thread().name)
        assert may_go_on.wait(60)
        return "made"

    slow = Meanwhile(make)
    before = (slow.begun, slow.over, list(makers))
    slow.begin()
    slow.begin()
    during = (slow.begun, slow.over)
    with ThreadPoolExecutor(4) as askers:
        answers = [askers.submit(slow.get) for _ in range(4)]
        may_go_on.set()

    assert (before, during, slow.over) == ((False, False, []), (True, False), True)
    assert [answer.result() for answer in answers] == ["made"] * 4
    assert makers == ["meanwhile"]


def test_what_goes_wrong_is_raised_as_often_as_it_is_asked() -> None:
    broken = Meanwhile(lambda: 1 // 0)

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            broken.get()
    assert broken.over
