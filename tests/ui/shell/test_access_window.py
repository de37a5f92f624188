"""Keyboard and screen reader in the whole window: start page, outline, side panel, bar and every dialog."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.signing.identity import create_identity
from dgdesk.evidence.media import PDF
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.system.settings import Recent
from dgdesk.ui.evidence.library_dialog import LibraryDialog
from dgdesk.ui.evidence.overview.window import OverviewWindow
from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer
from dgdesk.ui.export.choices import Remembered, Stage
from dgdesk.ui.export.done_page import Exported
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.printing.dialog import PrintDialog
from dgdesk.ui.review.changes_dialog import ChangesDialog
from dgdesk.ui.review.history_dialog import HistoryDialog
from dgdesk.ui.shell.bundle_dialog import CheckDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.help_window import HelpWindow, ShortcutsDialog
from dgdesk.ui.shell.indicator_table import IndicatorDialog
from dgdesk.ui.shell.settings_dialog import NameDialog, SettingsDialog
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.choice import CellRadio, CheckRow, RadioRow
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.jobs import ProgressDialog
from dgdesk.ui.widgets.letters import letter_of
from dgdesk.ui.widgets.plain import deal_letters, free_letter
from evidence.pages.pdfs import thai_pdf
from ui.agency.dialogs import RECEIVING_DIALOGS
from ui.attach import findings_dialog
from ui.backup_dialogs import BACKUP_DIALOGS
from ui.hands import editor, press, settle
from ui.identity_dialogs import IDENTITY_DIALOGS
from ui.maintenance_dialogs import CARE_DIALOGS
from ui.register.shown import REGISTER_DIALOGS
from ui.support_dialogs import OFFICE_DIALOGS, findings
from ui.whole import broken_texts


@pytest.fixture
def full(desk: MainController, full_draft: Path, tmp_path: Path) -> Workspace:
    mine = tmp_path / "a.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    desk.window.activateWindow()
    settle(QApplication.instance())
    return desk.workspace


def focusables(root: QWidget) -> list[QWidget]:
    """What takes the focus by Tab and is seen; not what lies inside another control, nor the radios of a group."""
    found = []
    for one in (root, *root.findChildren(QWidget)):
        parent = one.parentWidget()
        inner = isinstance(parent, QComboBox) or one.objectName().startswith("qt_") or one.focusProxy() is not None
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled() and one.isVisible() and not inner:
            found.append(one)
    return found


def spoken(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):  # on some systems Qt says what is chosen instead
        return widget.accessibleName()
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def tab_round(start: QWidget, most: int = 400) -> list[QWidget]:
    """What the Tab key leads to from a widget until it comes back."""
    start.setFocus(Qt.FocusReason.TabFocusReason)
    found = [start]
    for _ in range(most):
        at = QApplication.focusWidget()
        assert at is not None, f"the Tab key leads nowhere after {found[-1]}"
        press(at, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is start and at is not start:  # a text to read is left once its links are done
            return found
        if now is not None and now not in found:
            found.append(now)
    if found == [start]:
        return found  # there is nothing else
    last = [f"{type(one).__name__} {spoken(one)}" for one in found[-3:]]
    raise AssertionError(f"the Tab key never comes back: {last}")


def unseen(widgets: list[QWidget], other: QWidget) -> list[str]:
    """Those whose pixels are the same with and without the focus."""
    found = []
    for one in widgets:
        other.setFocus()
        before = one.grab().toImage()
        one.setFocus(Qt.FocusReason.TabFocusReason)
        if one.hasFocus() and one.grab().toImage() == before:
            found.append(f"{type(one).__name__} {spoken(one)}")
    return found


def names(root: QWidget) -> list[str]:
    """Those that a screen reader has no name for."""
    return [f"{type(one).__name__} {one.objectName()}" for one in focusables(root) if not spoken(one).strip()]


def letters(root: QWidget) -> list[str]:
    """The letters of the buttons and boxes of a window that press or enter them with Alt."""
    found = []
    for button in root.findChildren(QAbstractButton):
        if button.window() is root.window() and not button.isHidden() and not button.shortcut().isEmpty():
            found.append(button.shortcut().toString())
    for label in root.findChildren(QLabel):
        if label.buddy() is not None and label.isVisible():
            found.append(f"Alt+{letter_of(label)}")
    return found


DIALOGS: dict[str, Callable[[MainController], QDialog]] = {
    "settings": lambda desk: SettingsDialog(desk.settings.now, desk.texts, desk.window),
    "name": lambda desk: NameDialog(desk.texts, desk.window),
    "export": lambda desk: _export(desk, "ready"),
    "export_signer": lambda desk: _export(desk, "signer"),
    "export_place": lambda desk: _export(desk, "place"),
    "export_done": lambda desk: _export(desk, "done"),
    "check": lambda desk: CheckDialog(desk.texts, desk.window),
    "changes": lambda desk: ChangesDialog(desk.workspace.bridge, desk.services, None, desk.window),
    "history": lambda desk: HistoryDialog(desk.workspace.bridge, desk.services, None, desk.window),
    "overview": lambda desk: OverviewWindow(
        desk.workspace.bridge, desk.services, desk.workspace.finding.index, (790, 640)
    ),
    "indicators": lambda desk: IndicatorDialog(desk.draft.session.form.definition.indicators, desk.texts, desk.window),
    "help": lambda desk: HelpWindow(desk.texts, desk.window),
    "library": lambda desk: LibraryDialog(desk.workspace.bridge, desk.services, None, desk.window),
    "library_choose": lambda desk: LibraryDialog(desk.workspace.bridge, desk.services, "p1.4/yes", desk.window),
    "viewer": lambda desk: _viewer(desk),
    "shortcuts": lambda desk: ShortcutsDialog(list(desk.actions.values()), desk.texts, desk.window),
    "message": lambda desk: MessageDialog(desk.texts, "น้ำ", ("ก", desk.texts.say("ui.cancel")), "question", None),
    "print": lambda desk: _print(desk),
    "progress": lambda desk: ProgressDialog(desk.texts, "น้ำ", lambda: None, desk.window),
    "attaching": lambda desk: findings_dialog(desk.texts, desk.window),
    **CARE_DIALOGS,
    **OFFICE_DIALOGS,
    **BACKUP_DIALOGS,
    **RECEIVING_DIALOGS,
    **IDENTITY_DIALOGS,
    **REGISTER_DIALOGS,
}


def _export(desk: MainController, stage: Stage) -> QDialog:
    """The export wizard at a page."""
    assert desk.workspace is not None
    bridge, services = desk.workspace.bridge, desk.services
    wizard = ExportWizard(bridge, services, Remembered(), desk.window)
    wizard.ready_page.as_draft.setChecked(True)
    if stage == "done":
        folder, now = services.profile.root / "signer", services.clock()
        signer = create_identity(folder, person="สมศรี", province="น่าน", passphrase=None, now=now)
        file = services.profile.root / "ส่ง.zip"
        report = ExportReport(file, "a" * 64, "b" * 64, 1, signoff=file)
        wizard.made = Exported(report, signer, None, now, draft=False, receivers=1, registered=True)
    if stage == "place":
        wizard.place_page.sealed.setChecked(True)
    wizard._show(stage)
    return wizard


def _viewer(desk: MainController) -> QDialog:
    """The viewer on a PDF of a page, read."""
    content = thai_pdf(["คำสั่ง"])
    file = Attachment("0" * 64, "คำสั่ง.pdf", len(content), PDF)
    viewer = EvidenceViewer(
        desk.texts,
        lambda sha256: iter([content]),
        [file, replace(file, sha256="1" * 64)],
        desk.services.profile.root,
        undo=lambda: None,
        redo=lambda: None,
        parent=desk.window,
    )
    viewer.show()
    for _ in range(2000):
        settle(QApplication.instance())
        if viewer.area.cache.held:
            break
        QTest.qWait(5)
    return viewer


def _print(desk: MainController) -> QDialog:
    """With its preview: until it is there, buttons come and go."""
    assert desk.draft is not None
    made = PrintDialog(desk.draft, desk.services, desk.window)
    made.show()
    while not made.preview.shows_page:
        settle(QApplication.instance())
    return made


@pytest.fixture(params=DIALOGS)
def dialog(request: pytest.FixtureRequest, desk: MainController, workspace: Workspace) -> Iterator[QDialog]:
    made = DIALOGS[request.param](desk)
    made.show()
    made.activateWindow()
    settle(QApplication.instance())
    yield made
    made.done(0)
    made.deleteLater()
    settle(QApplication.instance())


def test_every_dialog_is_whole_for_keys_and_screen_readers(dialog: QDialog) -> None:
    found = focusables(dialog)
    assert found and names(dialog) == []
    _every_button_has_a_letter_of_its_own(dialog)
    _the_tab_key_leads_everywhere(dialog, found)
    assert list(broken_texts(dialog)) == []
    other = QLineEdit(dialog)
    other.setGeometry(-50, 0, 10, 10)
    other.show()
    assert unseen(found, other) == []


def _the_tab_key_leads_everywhere(dialog: QDialog, found: list[QWidget]) -> None:
    reached = tab_round(found[0])
    # of a group of radio buttons one is reached, the arrows lead on
    assert [spoken(one) for one in found if one not in reached] == []
    places = [one.mapTo(dialog, QPoint(0, 0)) for one in reached if one in found]
    # upwards only to a column further right, and once from the end to the beginning
    pairs = list(itertools.pairwise((*places, places[0])))
    wrong = [two for two in pairs if two[1].y() <= two[0].y() - 40 and two[1].x() <= two[0].x()]
    assert len(wrong) <= 1, [spoken(one) for one in reached]


def _every_button_has_a_letter_of_its_own(dialog: QDialog) -> None:
    buttons = [one for one in dialog.findChildren(QPushButton) if not one.isHidden()]
    assert [one.text() for one in buttons if one.shortcut().isEmpty()] == []
    found = letters(dialog)
    assert len(found) == len(set(found))
    assert all(
        "&" not in spoken(one) and "(" + one.shortcut().toString()[-1] + ")" not in spoken(one) for one in buttons
    )


def test_the_start_page_is_named_reached_and_lettered(desk: MainController, tmp_path: Path, qtbot: QtBot) -> None:
    recents = tuple(Recent(str(tmp_path / f"{number}.dgdesk"), "น่าน") for number in range(3))
    desk.settings.change(desk.settings.now.__class__(recents=recents))
    desk.show_start()
    desk.window.activateWindow()
    page = desk.window.centralWidget()
    assert page is not None
    rows = page.recents.rows.values()
    qtbot.waitUntil(lambda: all(row.missing for row in rows))  # what is said of a draft is read in the background
    settle(QApplication.instance())
    found = focusables(page)
    assert len(found) > 8 and names(page) == []
    reached = tab_round(found[0])
    assert [spoken(one) for one in found if one not in reached] == []
    buttons = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    forgets = [each for row in page.recents.rows.values() for each in (row.remove_button, row.restore_button)]
    assert [one.text() for one in buttons if one.shortcut().isEmpty() and one not in forgets] == []
    menus = [f"Alt+{letter_of(one)}" for one in desk.window.menuBar().actions()]
    both = letters(page) + menus
    assert all(both) and len(both) == len(set(both))
    assert unseen(found, desk.window.menuBar()) == []
    qtbot.waitUntil(lambda: list(broken_texts(desk.window)) == [])


def test_the_strips_above_a_page_are_named_reached_and_lettered(full: Workspace, desk: MainController) -> None:
    for page in ("start", "draft"):
        if page == "start":
            desk.close_draft()
        else:
            desk.open(Path(desk.settings.now.recents[0].path))
        desk.office.begin(broken_off="ui.office.crashed", after=600_000)
        desk.office._take(findings())
        settle(QApplication.instance())
        notices = desk.office.notices
        assert len(notices) == 2
        found = [one for notice in notices for one in focusables(notice)]
        wanted = 4 if page == "start" else 5  # of a draft a copy is offered
        assert len(found) == wanted, [spoken(one) for one in found]
        assert [names(notice) for notice in notices] == [[], []]
        content = desk.window.centralWidget()
        assert content is not None
        reached = tab_round(found[0])
        assert [spoken(one) for one in found if one not in reached] == [], page
        assert unseen(found, desk.window.menuBar()) == []
        menus = [f"Alt+{letter_of(one)}" for one in desk.window.menuBar().actions()]
        both = [one for one in letters(content) + menus if one]
        assert sorted(both) == sorted(set(both)), page
        desk.office.stop()


def test_outline_side_panel_and_bar_are_named_and_the_focus_is_seen(full: Workspace, desk: MainController) -> None:
    full.show_side(True)
    nameless, dark = [], []
    for number in range(full.side.count()):
        full.side.setCurrentIndex(number)
        full.score.fill()
        full.next.fill()
        full.problems.fill()
        full.evidence.fill()
        settle(QApplication.instance())
        parts = [one for part in (full.outline, full.side, full.bar) for one in focusables(part)]
        nameless += [f"{number}: {type(one).__name__} {one.objectName()}" for one in parts if not spoken(one).strip()]
        dark += unseen(parts, desk.window.menuBar())
    assert (nameless, dark) == ([], [])


def test_the_tab_key_leads_round_the_whole_window(full: Workspace) -> None:
    full.show_side(True)
    full.open_page("g.page2")
    full.open_page("g.page1")
    for number in range(full.side.count()):
        full.side.setCurrentIndex(number)
        for part in (full.score, full.next, full.problems, full.evidence):
            part.fill()
        full._focus_order.follow()
        settle(QApplication.instance())
        reached = tab_round(full.outline)
        missed = [one for part in (full.side, full.bar) for one in focusables(part) if one not in reached]
        assert [f"{type(one).__name__} {spoken(one)}" for one in missed] == [], number
        parts = (full.outline, full.page_view, full.bar, full.side)
        owners = [
            next((at for at, part in enumerate(parts) if part is one or part.isAncestorOf(one)), -1) for one in reached
        ]
        assert [owner for owner, _ in itertools.groupby(owners) if owner >= 0] == [0, 1, 2, 3], number


def test_every_panel_says_what_it_is(full: Workspace) -> None:
    panels = (
        full.outline,
        full.page_view,
        full.side.tabBar(),
        full.problems.tree,
        full.problems.list.box,
        full.evidence.tree,
        full.score.plot,
    )
    assert [type(one).__name__ for one in panels if not (spoken(one) and one.accessibleDescription())] == []
    assert full.bar.accessibleName()


def test_no_menu_has_a_letter_twice(desk: MainController, workspace: Workspace) -> None:
    for language in range(2):
        bar = desk.window.menuBar()
        titles = [f"Alt+{letter_of(one)}" for one in bar.actions()]
        in_window = titles + [one for one in letters(workspace.bar) if one]
        assert all(titles) and len(in_window) == len(set(in_window)), language
        for menu in bar.findChildren(QMenu):
            keys = [letter_of(one) for one in menu.actions() if not one.isSeparator()]
            assert all(keys) and len(keys) == len(set(keys)), [one.text() for one in menu.actions()]
        desk.actions["language"].trigger()
        settle(QApplication.instance())
        assert desk.workspace is not None
        workspace = desk.workspace


def test_every_class_of_control_shows_its_focus(full: Workspace) -> None:
    """The sample: at least one of each kind that stands on pages and beside them."""
    kinds: dict[type, QWidget] = {}
    full.show_side(True)
    for page in ("general.page1", "g.page2", "p1.page2", "p2.page4", "p8.page1"):
        full.open_page(page)
        settle(QApplication.instance())
        kinds.clear()
        for one in focusables(full):
            kinds.setdefault(type(one), one)
        assert unseen(list(kinds.values()), full.window().menuBar()) == [], page
    assert {RadioRow, CheckRow, CellRadio, QTreeView, QTabBar}


def test_letters_are_dealt_once_each() -> None:
    assert free_letter("Find a question", set()) == "F" and free_letter("Find a question", {"F", "A"}) == "Q"
    assert deal_letters(("ตกลง", "ก", "ข"), [("ตกลง", "O")]) == ["O", "A", "B"]
    many = deal_letters([str(number) + "ก" for number in range(40)])
    assert len(set(many[:36])) == 36
    assert free_letter("Undo", {"U"}) == "N"


def test_a_read_only_draft_is_read_by_keys_and_nothing_changes(
    desk: MainController, full_draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dgdesk.draft.drafts import open_draft

    mine = tmp_path / "a.dgdesk"
    shutil.copy(full_draft, mine)
    desk.opening.take(lambda: open_draft(mine, clock=desk.services.clock, who="x", read_only=True))
    workspace = desk.workspace
    assert workspace is not None and workspace.bridge.read_only
    desk.window.activateWindow()
    before = dict(workspace.bridge.state.facts.answers)
    said: list[str] = []
    workspace.bridge.failed.connect(said.append)
    frozen = desk.texts.say("ui.frozen")
    for page in ("general.page1", "g.page1", "p1.page2", "p1.page3", "p2.page4"):
        workspace.open_page(page)
        settle(QApplication.instance())
        content = workspace.page_view.widget()
        assert content is not None
        inputs = (RadioRow, CheckRow, CellRadio, QComboBox, QLineEdit, QPlainTextEdit)
        for one in (each for each in focusables(content) if isinstance(each, inputs)):
            one.setFocus(Qt.FocusReason.TabFocusReason)
            checked = one.isChecked() if isinstance(one, QAbstractButton) else None
            shown = one.currentText() if isinstance(one, QComboBox) else None
            for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_A):
                press(one, key)
            if isinstance(one, RadioRow | CheckRow | CellRadio):
                one.click()
                assert one.isChecked() == checked and frozen in one.accessibleDescription(), spoken(one)
            if isinstance(one, QComboBox):
                assert one.currentText() == shown and frozen in one.accessibleDescription()
        assert any(isinstance(one, QAbstractButton | QLineEdit) for one in focusables(content)), page
    assert workspace.flush() and dict(workspace.bridge.state.facts.answers) == before and said == []
    every = editor(workspace, "g1").buttons.values()
    assert all(one.isEnabled() and one.focusPolicy() != Qt.FocusPolicy.NoFocus for one in every)
