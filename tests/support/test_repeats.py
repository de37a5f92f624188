"""The same error again within a minute is counted."""

from __future__ import annotations

from dgdesk.support.log import WITHIN, Repeats, place_of


def raised(text: str) -> Exception:
    try:
        raise KeyError(text)
    except KeyError as error:
        return error


def test_a_place_is_counted_for_a_minute_and_then_anew() -> None:
    repeats = Repeats()
    assert [repeats.count("a", at) for at in (0, 1, WITHIN - 1)] == [1, 2, 3]
    assert repeats.count("b", 2) == 1
    assert [repeats.count("a", WITHIN + at) for at in (0, 1)] == [1, 2]


def test_ever_new_places_take_no_ever_growing_room() -> None:
    repeats = Repeats()
    assert {repeats.count(str(number), 0) for number in range(10_000)} == {1}
    assert len(repeats._seen) <= 200


def test_a_place_is_kind_and_line_not_what_the_error_was_about() -> None:
    assert place_of(raised("สมศรี")) == place_of(raised("สมชาย"))
    assert "test_repeats.py" in place_of(raised("x")) and "สมศรี" not in place_of(raised("สมศรี"))
    assert place_of(ValueError("x")) == "ValueError"
