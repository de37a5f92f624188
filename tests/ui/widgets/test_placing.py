"""Where the window stands, on whatever screens there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.ui.widgets.placing import ORDINARY, TITLE_BAR, ScreenBox, place_window

OFFICE, LAPTOP, BESIDE = ScreenBox(0, 0, 1920, 1040), ScreenBox(0, 0, 1366, 728), ScreenBox(1920, -200, 1280, 984)


def test_the_first_time_it_stands_in_the_middle_of_the_main_screen() -> None:
    found = place_window((0, 0), None, [OFFICE, BESIDE])
    assert (found.width, found.height) == ORDINARY
    assert found.x == (1920 - 1360) // 2 and found.y > TITLE_BAR


def test_it_stands_where_it_was_left_on_either_screen() -> None:
    assert place_window((1000, 700), (120, 90), [OFFICE, BESIDE]) == ScreenBox(120, 90, 1000, 700)
    assert place_window((1000, 700), (2000, -100), [OFFICE, BESIDE]) == ScreenBox(2000, -100, 1000, 700)


def test_on_a_smaller_screen_it_is_as_large_as_that_and_whole_on_it() -> None:
    assert place_window((1800, 1000), (100, 40), [LAPTOP]) == ScreenBox(0, TITLE_BAR, 1366, 698)


def test_when_its_screen_was_taken_away_it_comes_to_the_middle_of_the_main_one() -> None:
    found = place_window((1000, 600), (2500, 100), [LAPTOP])
    assert found == ScreenBox(183, TITLE_BAR + (728 - TITLE_BAR - 600) // 2, 1000, 600)


places = st.integers(-20_000, 20_000)
screens = st.builds(ScreenBox, places, places, st.integers(400, 8000), st.integers(300, 5000))


@given(
    st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)),
    st.none() | st.tuples(places, places),
    st.lists(screens, min_size=1, max_size=4),
)
def test_it_is_always_whole_on_some_screen(
    size: tuple[int, int], corner: tuple[int, int] | None, there: list[ScreenBox]
) -> None:
    found = place_window(size, corner, there)
    assert any(
        screen.x <= found.x
        and found.x + found.width <= screen.x + screen.width
        and screen.y + TITLE_BAR <= found.y
        and found.y + found.height <= screen.y + screen.height
        for screen in there
    )
