"""Window, appearance: theme, text size and language: what a change of them does to the window that stands."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from dgdesk.system.settings import FILE, Settings, step_text_size
from dgdesk.ui.form.host import ControllerHost
from dgdesk.ui.qt_words import QT_WORDS
from dgdesk.ui.translator import Translator
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.theme import apply_theme


class Appearance:
    """The appearance of one window."""

    def __init__(self, host: ControllerHost) -> None:
        self._host = host

    def apply(self, wanted: Settings) -> None:
        """Take other settings: they show at once, whatever is open."""
        host = self._host
        if host.workspace is not None and not host.workspace.flush():
            return  # the bar says what could not be saved
        before = host.settings.now
        kept = host.settings.change(replace(wanted, who=wanted.who or before.who))
        if wanted.who:
            host.take_name(wanted.who)
        if _look(before) != _look(wanted):
            self._dress_anew(other_language=before.language != wanted.language)
        if not kept:
            tell(host.texts, host.texts.say("settings.unwritable", name=FILE), host.window, "warning")

    def change_text_size(self, steps: int) -> None:
        """Make all text larger or smaller; 0: its ordinary size."""
        now = self._host.settings.now
        percent = step_text_size(now.text_percent, steps) if steps else 100
        self.apply(replace(now, text_percent=percent))

    def change_language(self) -> None:
        """Speak the other language."""
        now = self._host.settings.now
        self.apply(replace(now, language="en" if now.language == "th" else "th"))

    def _dress_anew(self, *, other_language: bool) -> None:
        """Build what stands in the window again, in another look or language, at the same place."""
        host, app = self._host, QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, host.settings.now)
            # Qt tells the window of the new font later; what is built now must have it at once
            host.window.setFont(app.font())
        if other_language:
            catalogue = replace(host.texts.catalogue, language=host.settings.now.language)
            host.speak(host.texts.speaking(catalogue))
        host.show_anew()


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
