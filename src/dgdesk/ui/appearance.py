"""Window, appearance: theme, text size and language: what a change of them does to the window that stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from dgdesk.settings import FILE, Settings, step_text_size
from dgdesk.ui.app import dress
from dgdesk.ui.dialogs import tell
from dgdesk.ui.qt_words import QT_WORDS
from dgdesk.ui.text import Texts
from dgdesk.ui.translator import Translator

if TYPE_CHECKING:
    from dgdesk.ui.desk import Desk


class Appearance:
    """The appearance of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def apply(self, wanted: Settings) -> None:
        """Take other settings: they show at once, whatever is open."""
        desk = self._desk
        if desk.workspace is not None and not desk.workspace.flush():
            return  # the bar says what could not be saved
        before = desk.settings.now
        kept = desk.settings.change(replace(wanted, who=wanted.who or before.who))
        if wanted.who:
            desk.take_name(wanted.who)
        if _look(before) != _look(wanted):
            self._dress_anew(other_language=before.language != wanted.language)
        if not kept:
            tell(desk.texts, desk.texts.say("settings.unwritable", name=FILE), desk.window, "warning")

    def change_text_size(self, steps: int) -> None:
        """Make all text larger or smaller; 0: its ordinary size."""
        now = self._desk.settings.now
        percent = step_text_size(now.text_percent, steps) if steps else 100
        self.apply(replace(now, text_percent=percent))

    def change_language(self) -> None:
        """Speak the other language."""
        now = self._desk.settings.now
        self.apply(replace(now, language="en" if now.language == "th" else "th"))

    def _dress_anew(self, *, other_language: bool) -> None:
        """Build what stands in the window again, in another look or language, at the same place."""
        desk, app = self._desk, QApplication.instance()
        if isinstance(app, QApplication):
            dress(app, desk.settings.now)
            # Qt tells the window of the new font later; what is built now must have it at once
            desk.window.setFont(app.font())
        if other_language:
            catalogue = replace(desk.texts.catalogue, language=desk.settings.now.language)
            desk.speak(desk.texts.speaking(catalogue))
        desk.show_anew()


def translate_qt(texts: Texts) -> None:
    """Give Qt's own words (standard buttons, the menus of boxes) in the language of the window."""
    app = QApplication.instance()
    if app is None:
        return
    translator = app.findChild(Translator)
    if translator is None:
        translator = Translator({}, app)
        app.installTranslator(translator)
    is_thai = texts.catalogue.language == "th"
    translator.use({english: texts.say(code) for english, code in QT_WORDS.items()} if is_thai else {})


def _look(settings: Settings) -> tuple[object, ...]:
    return settings.language, settings.theme, settings.text_percent
