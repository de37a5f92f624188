"""A person with a keyboard and no mouse: from the start page to an exported draft; skips, undo and Thai on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import Draft
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.form.editors.choices import SearchCombo
from dgdesk.ui.form.editors.table_head import MatrixCell
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.choice import CheckRow, RadioRow
from ui.attach import finish, pdf
from ui.hands import compose, editor, part, press, settle, type_text, visible
from ui.modals import until

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus: the keyboard leads nowhere"
    return widget


def key(which: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    press(focus(), which, keys)
    settle(QApplication.instance())


def tab_to(wanted: Callable[[QWidget], bool], most: int = 60) -> QWidget:
    for _ in range(most):
        if wanted(focus()):
            return focus()
        key(Qt.Key.Key_Tab)
    raise AssertionError(f"the Tab key does not lead there; it is at {focus().accessibleName()!r}")


def named(*words: str) -> Callable[[QWidget], bool]:
    return lambda one: all(
        word in (one.accessibleName() or (one.text() if isinstance(one, QPushButton) else "")) for word in words
    )


def begin_by_keys(desk: MainController, path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    desk.window.activateWindow()
    settle(QApplication.instance())
    combo = tab_to(lambda one: isinstance(one, SearchCombo) or isinstance(one.parentWidget(), SearchCombo))
    box = combo.lineEdit() if isinstance(combo, SearchCombo) else combo
    compose(box, "น่าน")
    tab_to(named(desk.texts.say("ui.start.new_button")))
    key(Qt.Key.Key_Space)
    assert desk.workspace is not None
    return desk.workspace


def test_a_small_submission_by_keyboard_alone(
    desk: MainController, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = begin_by_keys(desk, path, monkeypatch)

    def answers():
        return workspace.bridge.state.facts.answers

    assert answers()["general.province"] == "TH-55"

    # the first section, box by box
    workspace.outline.setFocus()
    for address, typed in (
        ("general.first_name", "สมศรี"),
        ("general.last_name", "น\u0e49\u0e4d\u0e32ใจ"),
        ("general.office_phone", "๐๕๔๗๑๖๔๖๗"),
    ):
        name = part(workspace, address).editor.input.accessibleName()
        type_text(tab_to(lambda one, name=name: isinstance(one, QLineEdit) and one.accessibleName() == name), typed)
    key(Qt.Key.Key_PageDown, ALT)
    assert workspace.page == "g.page1"
    assert [answers()[f"general.{one}"] for one in ("first_name", "last_name")] == ["สมศรี", "น้ำใจ"]

    # a question with options; the page was turned from inside the page, so that is where the focus is
    assert workspace.page_view.isAncestorOf(focus())
    tab_to(lambda one: isinstance(one, RadioRow), most=5)
    key(Qt.Key.Key_Down)
    assert "g1" not in answers()
    key(Qt.Key.Key_Space)
    assert answers()["g1"] == "yes"

    # F8 leads to what is missing, on its page, with the focus in it
    key(Qt.Key.Key_F8)
    assert workspace.page_view.isAncestorOf(focus())

    # a table, through the outline
    workspace.outline.setFocus()
    while workspace.page != "p5.page1":
        before = workspace.outline.currentItem()
        key(Qt.Key.Key_Right if not before.isExpanded() and before.childCount() else Qt.Key.Key_Down)
    table = editor(workspace, "p5.1.table")
    tab_to(lambda one: one is table._rows[0].cells[0])
    key(Qt.Key.Key_Space)
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Right)
    key(Qt.Key.Key_Space)
    assert [answers()[row.questions[0].node.address] for row in table._rows[:2]] == ["no", "yes"]

    # out as a draft
    target = tmp_path / "ร่าง.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    export_by_keys(desk, as_draft=True)
    assert target.exists()
    signer = desk.services.profile.identity / "signer.pem"
    checked = verify_bundle(target, trusted=[signer.read_bytes()])
    assert checked.ok and checked.draft


def export_by_keys(desk: MainController, *, as_draft: bool) -> None:
    """Through the wizard, page by page, with a new signer without a passphrase."""
    done: list[bool] = []

    def sign() -> None:
        wizard = QApplication.activeModalWidget()
        assert isinstance(wizard, ExportWizard)
        try:
            assert wizard.ready_page.as_draft.isHidden() is not as_draft
            if as_draft:
                press_here(wizard.ready_page.as_draft)
            press_here(wizard.next)
            press_here(wizard.signer_page.picker.new.without)
            press_here(wizard.next)
            press_here(wizard.place_page.browse)
            press_here(wizard.next)
            until(lambda: not wizard.busy)
            assert wizard.stage == "done", wizard.fault.plain_text()
            press_here(wizard.done_page.digest.button)
            press_here(wizard.done_page.copy_digest)
            press_here(wizard.leave)
            done.append(not wizard.isVisible())
        finally:
            wizard.reject()

    QTimer.singleShot(100, desk.window, sign)
    key(Qt.Key.Key_E, CTRL)
    assert done == [True]


def press_here(button: QAbstractButton) -> None:
    """Go to a button by the Tab key, and press it."""
    tab_to(lambda one: one is button)
    press(button, Qt.Key.Key_Space)  # what it opens may have no focus when it returns
    settle(QApplication.instance())


def answer_here(workspace: Workspace) -> None:
    """Give what is asked where F8 has led, by keys alone, as a person does who has nothing to tell."""
    at = focus()
    if isinstance(at, RadioRow):
        # "no" and the like open least; where it is chosen already, the option is another thing to do
        key(Qt.Key.Key_Space)
    elif isinstance(at, CheckRow | MatrixCell):
        key(Qt.Key.Key_Space)
    elif isinstance(at, QComboBox):
        key(Qt.Key.Key_Down)
        key(Qt.Key.Key_Tab)
        compose(focus(), "2570")
    elif isinstance(at, QPlainTextEdit):
        compose(at, "ยังไม่พร้อม")
    elif isinstance(at, QLineEdit):
        key(Qt.Key.Key_A, CTRL)  # what is there is wrong, or doubtful
        compose(at, typed_for(workspace))
    else:
        raise AssertionError(f"nothing can be typed or chosen at {type(at).__name__} {at.accessibleName()}")
    # leaving the box writes it
    key(Qt.Key.Key_Tab)


def typed_for(workspace: Workspace) -> str:
    here = workspace.finding.here()
    assert here is not None
    kind = workspace.bridge.form.node(here[0]).kind
    if here[0] == "p4.2.1.count":
        return "๐"  # each service that is counted would have to be named
    if here[0] == "general.mobile":
        return "0812345678"
    words = {"number": "๑๒", "percent": "๙๐", "email": "nan@example.go.th", "phone": "054716467"}
    return words.get(kind, "https://www.nan.go.th" if kind == "url" else "น\u0e49\u0e4d\u0e32ใจ")


def test_a_whole_submission_by_keyboard_alone(
    desk: MainController, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the start page to the signed bundle that is no draft: F8 leads to everything that is missing."""
    workspace = begin_by_keys(desk, path, monkeypatch)
    proof = tmp_path / "หลักฐาน.pdf"
    proof.write_bytes(pdf())
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(proof)], ""))

    def state():
        return workspace.bridge.state

    seen = []
    for _ in range(1200):
        if state().ready:
            break
        key(Qt.Key.Key_F8)
        before = len(state().problems)
        place = workspace.finding.here()
        seen.append((place, before))
        assert seen[-4:] != [seen[-1]] * 4, f"what is missing stays missing: {seen[-1]} {focus()}"
        if place is not None and place[1] is not None and isinstance(focus(), QPushButton):
            key(Qt.Key.Key_Space)  # attach
            assert finish(workspace.page_view.parts.places[place[1]]) == []
        elif place is not None and place[1] is not None:
            type_text(focus(), "1")  # the page of the key passage
            key(Qt.Key.Key_Tab)
        else:
            answer_here(workspace)
    assert state().ready, [(one.code, one.address) for one in state().problems][:5]
    assert state().facts.answers["general.first_name"] == "น้ำใจ"

    target = tmp_path / "ส่ง.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    export_by_keys(desk, as_draft=False)
    assert target.exists()
    signer = desk.services.profile.identity / "signer.pem"
    checked = verify_bundle(target, trusted=[signer.read_bytes()])
    assert checked.ok and not checked.draft and checked.respondent == "TH-55"


def test_what_a_skip_hides_comes_back_with_its_answers(workspace: Workspace, draft: Draft) -> None:
    def answers():
        return draft.session.state.facts.answers

    draft.session.answer("g1", "yes")
    draft.session.answer("g2", next(iter(draft.session.form.node("g2").options)))
    kept = dict(answers())
    g1 = editor(workspace, "g1")
    g1.buttons["yes"].setFocus()
    press(g1.buttons["yes"], Qt.Key.Key_Up)
    assert answers()["g1"] == "no" and answers()["g2"] == kept["g2"]
    position = draft.session.form.position["g2"]
    assert not draft.session.state.shown[position]
    way = [workspace.page]
    for _ in range(3):
        key(Qt.Key.Key_PageDown, ALT)
        way.append(workspace.page)
    assert all(draft.session.state.pages[page].status != "skipped" for page in way)
    for _ in range(3):
        key(Qt.Key.Key_PageUp, ALT)
    assert workspace.page == "g.page1"
    no = editor(workspace, "g1").buttons["no"]
    no.setFocus()
    press(no, Qt.Key.Key_Down)
    assert draft.session.state.shown[position] and dict(answers()) == kept
    g2 = editor(workspace, "g2")
    assert visible(workspace, "g2") and g2.value == kept["g2"]


def test_undo_and_redo_over_pages_by_keys(workspace: Workspace, draft: Draft) -> None:
    def answers():
        return draft.session.state.facts.answers

    before = dict(answers())
    compose(editor(workspace, "general.first_name").input, "สมศรี")
    key(Qt.Key.Key_PageDown, ALT)
    yes = editor(workspace, "g1").buttons["yes"]
    yes.setFocus()
    press(yes, Qt.Key.Key_Space)
    workspace.open_page("p5.page1")
    cell = editor(workspace, "p5.1.table")._rows[0].cells[0]
    cell.setFocus()
    press(cell, Qt.Key.Key_Space)
    after = dict(answers())
    assert len(after) == len(before) + 3
    for _ in range(3):
        key(Qt.Key.Key_Z, CTRL)
    assert dict(answers()) == before
    for _ in range(3):
        key(Qt.Key.Key_Y, CTRL)
    assert dict(answers()) == after
    assert editor(workspace, "general.first_name").input.text() == "สมศรี"
