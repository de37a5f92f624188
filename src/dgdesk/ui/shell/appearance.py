"""Theme, text size and language of the window that is open; Qt's own words in Thai."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QTranslator
from PySide6.QtWidgets import QApplication

from dgdesk.system.settings import FILE, Settings, step_text_size
from dgdesk.ui.form.host import ControllerHost
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
        host.rebuild()


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


QT_WORDS = {
    "Undo": "ui.undo",
    "Redo": "ui.redo",
    "Cut": "ui.cut",
    "Copy": "ui.copy",
    "Copy Link Location": "ui.copy_link",
    "Paste": "ui.paste",
    "Delete": "ui.delete",
    "Select All": "ui.select_all",
    "OK": "ui.ok",
    "Cancel": "ui.cancel",
    "Save": "ui.save",
    "Open": "ui.open",
    "Close": "ui.close",
    "Yes": "ui.yes",
    "No": "ui.no",
    "Choose": "ui.choose",
    "File name": "ui.file_name",
    "Files of type": "ui.file_type",
    "Look in": "ui.look_in",
    "Directory": "ui.folder",
    "Name": "ui.name",
    "Size": "ui.size",
    "Type": "ui.type",
    "Date Modified": "ui.date_modified",
    "Back": "ui.back",
    "Forward": "ui.forward",
    "Parent Directory": "ui.parent_folder",
    "Create New Folder": "ui.new_folder",
    "New Folder": "ui.new_folder",
    "List View": "ui.list_view",
    "Detail View": "ui.detail_view",
    "Computer": "ui.computer",
    "All Files (*)": "ui.all_files",
    "%1 already exists.\nDo you want to replace it?": "ui.replace_file",
    "%1\nFile not found.\nPlease verify the correct file name was given.": "ui.file_not_found",
}


class Translator(QTranslator):
    """Translates by the English source text, its mnemonic sign left out."""

    def __init__(self, words: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words

    def use(self, words: Mapping[str, str]) -> None:
        """Translate by other words from now on; none: Qt's own English."""
        self._words = words

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Return the Thai words, None for those that are not known."""
        bare = source.replace("&", "")
        found = self._words.get(bare)
        if found is None and bare.endswith(":"):
            found = self._words.get(bare[:-1])
            found = f"{found}:" if found is not None else None
        return found

    def isEmpty(self) -> bool:
        return False
