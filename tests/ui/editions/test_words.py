"""Whoever answers a department's survey reads nothing of provinces: in the window, its dialogs, and the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from dgdesk.bundle.signing.identity import Identity
from dgdesk.editions import shelf
from dgdesk.resources import resource
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.widgets.label import WrapLabel
from editions.making import DEPARTMENT_EDITION
from ui.hands import click, settle
from ui.modals import Modals, until

OF_PROVINCES = {"respondent.province.called", "respondent.province.named", "cli.demo_done", "check.site_denied_address"}
"""What a province's survey says: its words for who answers, the demo's province, a comparison that it alone has."""
OPENED = ("indicators", "check", "receive", "identities", "editions", "register", "print", "export")


def test_no_text_of_the_catalogue_speaks_of_provinces_by_itself() -> None:
    messages = load_catalogue("th", resource("i18n")).messages
    found = {
        code
        for code, both in messages.items()
        if "จังหวัด" in both["th"] or "province" in both["en"].replace("{province}", "").lower()
    }
    assert found <= OF_PROVINCES
    for language in ("th", "en"):
        guide = resource(f"help/{language}.html").read_text(encoding="utf-8").lower()
        assert "จังหวัด" not in guide and "province" not in guide


def words_of(top: QWidget) -> list[str]:
    """Everything that is said to eyes and ears in a window."""
    found = [top.windowTitle()]
    for one in (top, *top.findChildren(QWidget)):
        text = one.plain_text() if isinstance(one, WrapLabel) else getattr(one, "text", "")
        placeholder = getattr(one, "placeholderText", str)
        found += [str(text() if callable(text) else text), one.accessibleName(), one.accessibleDescription()]
        found += [one.toolTip(), one.whatsThis(), str(placeholder())]
    return found + [action.text() for action in top.findChildren(QAction)]


def spoken_of_provinces(top: QWidget) -> list[str]:
    return [words for words in words_of(top) if "จังหวัด" in words]


def test_a_departments_window_speaks_of_departments(
    desk: MainController,
    departments: Path,
    signer: Identity,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    modals: Modals,
) -> None:
    shelf.install(departments, desk.services.profile, [signer.certificate])
    desk.new_survey.changed(DEPARTMENT_EDITION)
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage)
    settle(QApplication.instance())  # the page before this one goes
    assert not spoken_of_provinces(desk.window)
    page.respondent.setCurrentText("กรมที่ดิน")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "กรมที่ดิน"), ""))
    click(page.new_button)
    workspace = desk.workspace
    assert workspace is not None
    settle(QApplication.instance())
    for shown in workspace.bridge.form.pages:
        workspace.open_page(shown)
        workspace.page_view.finish()
        assert not spoken_of_provinces(desk.window)
    workspace.open_review()
    assert not spoken_of_provinces(desk.window)
    found: dict[str, list[str]] = {}

    def read(name: str) -> Callable[[QDialog], None]:
        def act(dialog: QDialog) -> None:
            found[name] = spoken_of_provinces(dialog)
            dialog.close()

        return act

    for name in OPENED:
        modals.then(read(name))
        desk.actions[name].trigger()
        until(modals.done)
        settle(QApplication.instance())
    assert set(found) == set(OPENED) and not any(found.values()), found
