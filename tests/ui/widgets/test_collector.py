"""Garbage is collected in the window's thread only: widgets destroyed in another one crash Qt."""

from __future__ import annotations

import gc
import linecache
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.ui.widgets import collector


class Ring:
    """Something in a ring of references, which only the collector takes away."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def set_aside_again() -> Iterator[None]:
    """What tests/conftest.py set aside is taken back here."""
    yield
    gc.collect()
    gc.freeze()


def test_no_other_thread_collects_and_the_window_s_does(qapp: QApplication) -> None:
    collector.install(qapp)
    collector.install(qapp)
    assert len(qapp.findChildren(collector.Collector)) == 1
    where: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        where.append(threading.current_thread().name)

    gc.callbacks.append(note)
    try:
        worker = threading.Thread(target=lambda: [Ring() for _ in range(20_000)], name="worker")
        worker.start()
        worker.join()
        assert where == []
        QTest.qWait(2 * 250 + 50)
    finally:
        gc.callbacks.remove(note)
    assert set(where) == {threading.main_thread().name}


def test_a_widget_in_a_ring_goes_in_the_window_s_thread(qapp: QApplication) -> None:
    collector.install(qapp)
    gone: list[str] = []
    widget = QWidget()
    widget.destroyed.connect(lambda _: gone.append(threading.current_thread().name))
    widget.ring = widget
    del widget
    worker = threading.Thread(target=lambda: [Ring() for _ in range(20_000)])
    worker.start()
    worker.join()
    assert gone == []
    gc.collect()
    assert gone == [threading.main_thread().name]


def test_what_is_due_is_collected_by_python_s_own_measure(qapp: QApplication) -> None:
    collector.install(qapp)
    gc.collect()
    rings = [Ring() for _ in range(gc.get_threshold()[0] + 10)]
    rings.clear()
    before = gc.get_count()[0]
    qapp.findChild(collector.Collector).collect_what_is_due()
    assert gc.get_count()[0] < before


def test_what_was_shown_for_a_while_and_then_left_does_not_heap_up(qapp: QApplication) -> None:
    # Python alone collects such objects only after 121 checks: half a minute, in which 60 pages can be turned.
    collector.install(qapp)
    mine = qapp.findChild(collector.Collector)
    gc.collect()
    shown: list[Ring] = []
    left, most = 0, 0
    for _ in range(60):
        shown = [Ring() for _ in range(1000)]  # a page; the one before is left
        mine.collect_what_is_due()
        left = sum(type(one) is Ring for one in gc.get_objects()) - len(shown)
        most = max(most, left)
    assert most < 8_000


def test_source_lines_that_were_read_along_the_way_are_not_kept() -> None:
    linecache.getlines(__file__)
    assert linecache.cache
    try:
        collector.settle()
    finally:
        gc.unfreeze()
    assert not linecache.cache


def test_what_lives_long_is_set_aside() -> None:
    try:
        collector.settle()
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
    assert gc.get_freeze_count() == 0
