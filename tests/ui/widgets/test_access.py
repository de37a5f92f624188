"""Keyboard and screen reader: names, the Tab key's way, visible focus, Thai typing of every kind, whole texts."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.survey.answers.values import UnreadValue
from dgdesk.ui.form.editors.repeat import RepeatItem
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.keyboard import in_order
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.letters import letter_of
from dgdesk.ui.widgets.text_layout import WordLayout
from ui.hands import compose, editor, place, press, settle, type_text
from ui.whole import broken_texts


@pytest.fixture
def full(desk: MainController, full_draft: Path, tmp_path: Path) -> Workspace:
    mine = tmp_path / "a.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    desk.window.activateWindow()
    return desk.workspace


def stops_of(workspace: Workspace) -> list[QWidget]:
    content = workspace.page_view.widget()
    assert content is not None
    return [one for one in in_order(content) if one.isVisible() and one.isEnabled()]


def is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def pages(workspace: Workspace) -> Iterator[str]:
    for page in workspace.bridge.form.pages:
        workspace.open_page(page)
        settle(QApplication.instance())
        yield page


def name_of(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def test_everything_that_takes_the_focus_has_a_name_and_no_text_is_cut(full: Workspace) -> None:
    nameless, cut = [], []
    for page in pages(full):
        nameless += [f"{page}: {type(one).__name__} {one.objectName()}" for one in stops_of(full) if not name_of(one)]
        cut += [f"{page}: {found}" for found in broken_texts(full.window())]
    assert (nameless, cut) == ([], [])


def test_on_every_page_the_tab_key_goes_the_way_of_the_print(full: Workspace) -> None:
    for page in pages(full):
        expected = [one for one in stops_of(full) if is_stop(one)]
        # the buttons at the head of an item come after its questions
        printed = [one for one in expected if not isinstance(one.parentWidget(), RepeatItem)]
        places = [one.mapTo(full.page_view.widget(), QPoint(0, 0)) for one in printed]
        # down the page; what stands beside each other may be of different height
        assert all(later.y() > before.y() - 60 for before, later in itertools.pairwise(places)), page
        at, found = expected[0], [expected[0]]
        while at is not expected[-1] and len(found) < 2000:
            at = at.nextInFocusChain()
            if at in expected:
                found.append(at)
        assert found == expected, page


def test_the_tab_key_leads_from_the_outline_over_the_page_to_the_bar(full: Workspace) -> None:
    full.open_page("g.page1")
    settle(QApplication.instance())
    stops = [one for one in stops_of(full) if is_stop(one)]
    full.outline.setFocus()
    press(full.outline, Qt.Key.Key_Tab)
    assert stops[0].hasFocus()
    stops[-1].setFocus()
    press(stops[-1], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is full.bar.back_button
    press(full.bar.back_button, Qt.Key.Key_Backtab)
    assert stops[-1].hasFocus()


def test_what_opens_later_is_reached_where_it_stands(workspace: Workspace, draft: Draft) -> None:
    single = editor(workspace, "g1")
    single.buttons["no"].setFocus()
    press(single.buttons["no"], Qt.Key.Key_Space)
    settle(QApplication.instance())
    press(single.buttons["no"], Qt.Key.Key_Tab)
    assert editor(workspace, "g1.reason").input.hasFocus()


def test_the_focus_is_seen_on_everything(full: Workspace) -> None:
    unseen = []
    for page in ("general.page1", "g.page2", "p1.page2", "p1.page5", "p8.page1"):
        full.open_page(page)
        settle(QApplication.instance())
        for one in stops_of(full):
            full.outline.setFocus()
            before = one.grab().toImage()
            one.setFocus(Qt.FocusReason.TabFocusReason)
            assert one.hasFocus(), (page, name_of(one))
            if one.grab().toImage() == before:
                unseen.append((page, type(one).__name__, name_of(one)))
    assert unseen == []


def test_a_link_in_a_text_is_reached_and_told_by_keys(full: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    full.open_page("p8.page1")
    settle(QApplication.instance())
    label = next(one for one in stops_of(full) if isinstance(one, WrapLabel))
    opened: list[str] = []

    class Browser:
        openUrl = staticmethod(lambda url: opened.append(url.toString()))

    monkeypatch.setattr("dgdesk.ui.widgets.label.QDesktopServices", Browser)
    label.setFocus(Qt.FocusReason.TabFocusReason)
    press(label, Qt.Key.Key_Return)
    assert opened and opened[0].startswith("https://")


TYPED = [
    # kind by kind: what is typed, what is stored, what is shown when the box is left
    ("general.first_name", "น\u0e49\u0e4d\u0e32\u200bใส  ", "น้ำใส", "น้ำใส"),
    ("general.first_name", "น้ำ\ufeff ๑๒", "น้ำ ๑๒", "น้ำ ๑๒"),
    ("general.office_phone", "๐๕๔ ๗๑๖๔๖๗ ", "054 716467", "054 716467"),
    ("general.email", "Nan@example.go.th\u200b ", "Nan@example.go.th", "Nan@example.go.th"),
    ("p4.1.count", " ๑,๒๓๔ ", Decimal(1234), "1,234"),
    ("p4.2.2.2", "๘๗.๕๐%", Decimal("87.5"), "87.5"),
    ("p4.5.1.2", "nan.go.th/น\u0e49\u0e4d\u0e32 ", "https://nan.go.th/น้ำ", "https://nan.go.th/น้ำ"),
    ("g1.reason", "ยังไม่มีน\u0e4d\u0e49\u0e32\u200b  \n\n", "ยังไม่มีน้ำ", "ยังไม่มีน้ำ"),
]


@pytest.mark.parametrize("by", [type_text, compose], ids=["keys", "input method"])
@pytest.mark.parametrize(("address", "typed", "stored", "shown"), TYPED)
def test_what_is_stored_is_shown_when_the_box_is_left(
    workspace: Workspace, draft: Draft, by: object, address: str, typed: str, stored: object, shown: str
) -> None:
    for opening, value in (("p4.1", "known"), ("p4.2.2", "yes"), ("p4.2.2.satisfaction", "percent")):
        draft.session.answer(opening, value)
    draft.session.answer("p4.5.1", "yes")
    draft.session.answer("g1", "no")
    box = editor(workspace, address).input
    by(box, typed)
    workspace.outline.setFocus()
    assert not isinstance(draft.session.state.facts.answers[address], UnreadValue)
    assert draft.session.state.facts.answers[address] == stored
    assert (box.toPlainText() if isinstance(box, QPlainTextEdit) else box.text()) == shown


@pytest.mark.parametrize("by", [type_text, compose], ids=["keys", "input method"])
@pytest.mark.parametrize("year", ["๒๕๗๐", "2570", "2027", "๒๐๒๗", "พ.ศ. 2570", "2570 "])
def test_a_year_of_either_era_is_shown_as_the_buddhist_one(
    workspace: Workspace, draft: Draft, by: object, year: str
) -> None:
    draft.session.answer("p1.3", "doing")
    dates = editor(workspace, "p1.3.2")
    dates.month.setCurrentIndex(10)
    dates.month.activated.emit(10)
    by(dates.year, year)
    workspace.outline.setFocus()
    assert draft.session.state.facts.answers["p1.3.2"] == "2027-10"
    assert (dates.month.currentText(), dates.year.text()) == ("ตุลาคม", "2570")


def test_marks_of_evidence_are_tidied_as_answers_are(full: Workspace) -> None:
    draft = full.bridge.draft
    slot, (attachment, *_) = next(iter(draft.session.state.facts.evidence.items()))
    full.go_to(full.bridge.form.nodes[full.bridge.form.slots[slot].node].address, slot)
    row = place(full, slot).files.rows[attachment.sha256]
    row.pages.clear()
    type_text(row.pages, " น\u0e49\u0e4d\u0e32\u200b  ๓ ")
    full.outline.setFocus()
    stored = draft.session.state.facts.evidence[slot][0].pages
    assert stored == row.pages.text() == "น้ำ ๓"


THAI = "จังหวัดของท่านมีการจัดทำนโยบายแผนปฏิบัติการหรือแผนงานด้านธรรมาภิบาลข้อมูลภาครัฐ 😀 เพื่อประชาชน"


def lines_of(box: QPlainTextEdit) -> list[str]:
    text, layout = box.document().firstBlock().text(), box.document().firstBlock().layout()
    whole = text.encode("utf-16-le")
    lines = (layout.lineAt(number) for number in range(layout.lineCount()))
    return [whole[2 * one.textStart() : 2 * (one.textStart() + one.textLength())].decode("utf-16-le") for one in lines]


@pytest.mark.parametrize("width", [120, 200, 333])
def test_edited_text_wraps_between_words_and_is_not_touched(workspace: Workspace, draft: Draft, width: int) -> None:
    draft.session.answer("g1", "no")
    box = editor(workspace, "g1.reason").input
    box.setFixedWidth(width)
    settle(QApplication.instance())
    type_text(box, THAI)
    settle(QApplication.instance())
    lines = lines_of(box)
    assert isinstance(box.document().documentLayout(), WordLayout)
    assert "".join(lines) == box.toPlainText() == THAI and len(lines) > 2
    ends, at = set(), 0
    for part in workspace.services.texts.breaker.segments(THAI):
        at += len(part)
        ends.add(at)
    at = 0
    for line in lines[:-1]:
        at += len(line)
        assert at in ends, lines
    assert box.document().lineCount() == len(lines)


def test_lists_are_named_and_open_by_keys(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("p1.3", "doing")
    month: QComboBox = editor(workspace, "p1.3.2").month
    assert "เดือน" in month.accessibleName()
    month.setFocus()
    press(month, Qt.Key.Key_Down)
    workspace.outline.setFocus()
    assert month.currentIndex() == 1


def test_alt_and_a_letter_turn_the_page_and_every_menu_has_one(
    desk: MainController, workspace: Workspace, qtbot: QtBot
) -> None:
    keys = [f"Alt+{letter_of(action)}" for action in desk.window.menuBar().actions()]
    buttons = [one.shortcut().toString() for one in (workspace.bar.back_button, workspace.bar.next_button)]
    assert all(keys) and len({*keys, *buttons}) == len(keys) + 2
    workspace.outline.setFocus()
    press(workspace.outline, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    # Qt shows the button pressed for a moment first
    qtbot.waitUntil(lambda: workspace.page == "g.page1", timeout=20_000)
