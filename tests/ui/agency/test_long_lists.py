"""A list of ten thousand lines is shown, filtered and walked through by measuring what is looked at alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dgdesk.ui.agency.columns import RESPONDENTS, samples_of
from dgdesk.ui.agency.lists import ListPage
from dgdesk.ui.agency.rows import ListedRow, found_rows, ranked, searchable
from dgdesk.ui.agency.statuses import is_listed
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.wrap_delegate import CellDelegate
from ui.hands import press, settle
from ui.modals import until

COUNT = 10_000


def rows() -> tuple[ListedRow[int], ...]:
    made = []
    for number in range(COUNT):
        cells = dict.fromkeys(RESPONDENTS.keys, "")
        cells |= {"name": f"เทศบาลตำบลบ้านโคก {number}", "state": "ส่งแล้ว", "score": str(number % 97)}
        group = "fork" if number % 100 == 0 else "current"
        made.append(ListedRow(str(number), cells, group, "complete", number, cells["name"]))
    return ranked(made, RESPONDENTS.keys, ("name",), {"score": lambda row: int(row.cells["score"])})


def test_no_act_measures_more_than_what_is_seen(
    services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []
    real = CellDelegate.height

    def height(self: CellDelegate, *values: object) -> int:
        measured.append(1)
        return real(self, *values)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(CellDelegate, "height", height)
    parent = QWidget()
    qtbot.addWidget(parent)
    page: ListPage[int] = ListPage(services, RESPONDENTS, "รายชื่อ", "", parent)
    page.resize(900, 600)
    parent.resize(900, 600)
    parent.show()
    found = rows()
    counts = {"all": COUNT, "current": COUNT - 100, "fork": 100, "drafts": 0, "not_yet": 0}
    table = page.table

    def acted() -> int:
        settle(QApplication.instance())
        count = len(measured)
        measured.clear()
        return count

    page.show_rows(found, samples_of(found, RESPONDENTS), counts, is_listed)
    assert 0 < acted() < 400
    page.controls.sort_by("score")
    assert [row.cells["score"] for row in table.listed.rows[:3]] == ["0", "0", "0"] and acted() < 400
    for key in (Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_Down):
        press(table, key)
        assert acted() < 400, key
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum() // 2)
    assert acted() < 400
    at = table.rowAt(table.viewport().height() // 2)
    assert 4_000 < at < 6_000 and table.rowHeight(at) >= table.fontMetrics().height()
    page.controls.search.setText("โคก 77")
    until(lambda: len(table.listed.rows) == sum("77" in str(number) for number in range(COUNT)))
    page.controls.show_only("fork")
    until(lambda: len(table.listed.rows) == 100)
    acted()
    table.go_to_row(99)
    assert table.currentIndex().row() == 99


@pytest.mark.parametrize("typed", ["ทองค\u0e4dา", "ค้\u0e4dา", "ทองคำ ค\u0e4d\u0e49า", "๑๒ ทอง", "AB12CD", "ab12cd"])
def test_a_row_is_found_in_whatever_order_the_thai_was_typed(typed: str) -> None:
    texts = ("นางทองคำ ค้ำคูณ", "12", "ab12cd", "")
    row = ListedRow("1", {"name": texts[0]}, "current", "complete", 1, searchable(texts))
    assert found_rows([row], typed, lambda _: True) == (row,)
    assert found_rows([row], f"{typed} อื่น", lambda _: True) == ()
    assert found_rows([row], "คูณ12", lambda _: True) == (), "no word is found across two texts"
