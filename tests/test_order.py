"""Test files run in an order that keeps every core busy to the end."""

from __future__ import annotations

from pathlib import Path

import order

ROOT = Path(__file__).parents[1]


def test_the_files_that_take_longest_are_there() -> None:
    assert [name for name in order.LONGEST if not (ROOT / name).is_file()] == []


def test_long_files_begin_and_windows_come_after_all_others() -> None:
    written = ["tests/bundle/test_a.py::t", "tests/ui/test_b.py::t", "tests/ui/test_gallery.py::t[a::b]"]
    written += ["tests/printing/test_extraction.py::t", "tests/text/test_c.py::t", "tests/journeys/test_d.py::t"]
    assert [test.partition("::")[0].split("_")[-1] for test in sorted(written, key=order.place)] == [
        *("extraction.py", "a.py", "c.py"),
        *("gallery.py", "b.py", "d.py"),
    ]
