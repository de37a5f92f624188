"""Thai and English: the window speaks either, at once; the survey's own text stays Thai."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from dgdesk.text.dates import iso_time_text
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.settings_dialog import SettingsDialog
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import click, settle

THAI = re.compile("[\u0e00-\u0e7f]")


def menu_words(desk: MainController) -> list[str]:
    titles = [action.text() for action in desk.window.menuBar().actions()]
    return titles + [action.text() for name, action in desk.actions.items() if name != "language"]


def test_every_word_of_the_window_changes_at_once(desk: MainController, workspace: Workspace) -> None:
    workspace.open_page("g.page2")
    assert all(THAI.search(words) for words in menu_words(desk))
    desk.actions["language"].trigger()
    settle(QApplication.instance())
    assert desk.settings.now.language == "en" and desk.workspace is not None
    assert desk.workspace.page == "g.page2"
    assert [words for words in menu_words(desk) if THAI.search(words)] == []
    bar = [button.text() for button in desk.workspace.bar.findChildren(QPushButton)]
    assert bar and not any(THAI.search(words) for words in bar)
    title = desk.workspace.bridge.form.pages["g.page2"][0].title
    shown = [label.accessibleName() for label in desk.workspace.page_view.findChildren(type(desk.workspace.bar.status))]
    assert title in shown, "the survey itself stays Thai"
    desk.actions["language"].trigger()
    settle(QApplication.instance())
    assert all(THAI.search(words) for words in menu_words(desk))


def test_standard_buttons_are_thai_in_thai_and_english_in_english(desk: MainController) -> None:
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "ยกเลิก"
    desk.appearance.change_language()
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    desk.appearance.change_language()
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "ยกเลิก"


def test_the_start_page_keeps_what_was_typed(desk: MainController) -> None:
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage)
    page.respondent.setCurrentText("น่าน")
    page.address.setText("ศาลากลาง")
    click(page.more["language"])
    settle(QApplication.instance())
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage)
    assert page.new_button.accessibleName() == "Choose the place and begin…"
    assert (page.typed().respondent, page.typed().address) == ("น่าน", "ศาลากลาง")


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_and_dialog_has_its_words_in_both_languages(
    desk: MainController, workspace: Workspace, language: str
) -> None:
    desk.apply(replace(desk.settings.now, language=language))
    assert desk.workspace is not None
    for page in desk.workspace.bridge.form.pages:
        assert desk.workspace.open_page(page), page
        desk.workspace.page_view.finish()
    catalogue = desk.texts.catalogue
    codes = [code for code in catalogue.messages if code.startswith(("ui.", "settings."))]
    assert len(codes) > 150
    assert [code for code in codes if not catalogue.messages[code].get(language)] == []
    dialog = SettingsDialog(desk.settings.now, desk.texts, desk.window)
    assert dialog.wanted() == replace(desk.settings.now, who=dialog.findChildren(QLineEdit)[0].text())
    dialog.deleteLater()


def test_settings_chosen_in_the_dialog_are_kept(desk: MainController) -> None:
    dialog = SettingsDialog(desk.settings.now, desk.texts, desk.window)
    dialog.who.setText("สมปอง")
    dialog.language.setCurrentIndex(1)
    dialog.theme.setCurrentIndex(2)
    dialog.text_size.setCurrentIndex(3)
    desk.apply(dialog.wanted())
    now = desk.settings.now
    assert (now.who, now.language, now.theme, now.text_percent) == ("สมปอง", "en", "contrast", 150)
    assert desk.services.who == "สมปอง"
    dialog.deleteLater()


def test_times_are_thai_dates_in_thai_only() -> None:
    assert re.fullmatch(r"\d{1,2} พ\.ย\. 2569 \d\d:\d\d น\.", iso_time_text("2026-11-20T02:30:00+00:00", "th"))
    assert re.fullmatch(r"\d{1,2} Nov 2026 \d\d:\d\d", iso_time_text("2026-11-20T02:30:00+00:00", "en"))
    assert iso_time_text("?", "th") == "?"
