"""Steps: each is tried, whatever the others did; a failure says what and where, but no values."""

from __future__ import annotations

from dgdesk.selftest.steps import Broken, Step, expect, try_all


def ticking() -> float:
    ticking.now += 0.5
    return ticking.now


ticking.now = 0.0


def test_a_step_that_fails_stops_no_other() -> None:
    def breaks() -> dict[str, object]:
        expect(False, "the page is empty")
        return {}

    def raises() -> dict[str, object]:
        secret = "สมศรี"
        raise KeyError(f"no {len(secret)}")

    steps = [Step("one", breaks), Step("two", raises), Step("three", lambda: {"pages": 3})]
    first, second, third = try_all(steps, ticking)
    assert (first.name, first.ok, first.failure, first.where) == ("one", False, "the page is empty", ())
    assert not second.ok and second.failure == "KeyError: 'no 5'"
    assert second.where[-1].endswith(" raises") and second.where[-1].startswith("test_steps.py:")
    assert third.ok and third.found == {"pages": 3} and third.seconds == 0.5


def test_what_holds_is_let_pass() -> None:
    expect([1], "never said")
    try:
        expect([], "said")
    except Broken as broken:
        assert str(broken) == "said"
    else:
        raise AssertionError
