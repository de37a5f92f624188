"""Which panels stand beside the page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.ui.shell.panels import NARROW, Least, panels_shown, whole_sizes

ORDINARY, LARGEST = Least(210, 240, 230), Least(364, 480, 400)


def test_an_ordinary_screen_shows_all_three_and_a_narrow_one_leaves_the_side_panel_out() -> None:
    assert panels_shown(1366, ORDINARY, None) == (True, True)
    assert panels_shown(1024, ORDINARY, None) == (True, False)
    assert panels_shown(1024, ORDINARY, True) == (True, True)
    assert panels_shown(1366, ORDINARY, False) == (True, False)


def test_in_the_largest_text_the_side_panel_takes_the_outlines_place() -> None:
    assert panels_shown(1366, LARGEST, None) == (True, True)
    assert panels_shown(1024, LARGEST, None) == (True, False)
    assert panels_shown(1024, LARGEST, True) == (False, True)
    assert panels_shown(1024, LARGEST, False) == (True, False)
    assert panels_shown(NARROW, LARGEST, None) == (True, False)


widths = st.integers(0, 5000)


@given(widths, st.builds(Least, widths, widths, widths), st.sampled_from([None, True, False]))
def test_what_the_person_wants_is_shown_and_never_three_without_room(
    width: int, least: Least, wanted: bool | None
) -> None:
    outline, side = panels_shown(width, least, wanted)
    assert outline or side
    assert wanted is None or side is wanted
    assert not (outline and side) or least.outline + least.page + least.side <= width


def test_a_hidden_panel_keeps_its_size() -> None:
    assert whole_sizes((210, 800, 0), (250, 700, 300)) == (210, 800, 300)
    assert whole_sizes((210, 700, 310), ()) == (210, 700, 310)
    assert whole_sizes((210, 800, 0), ()) == ()
