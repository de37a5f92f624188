"""Changes theme, text size and language of the open window; translates Qt's own texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QTranslator
from PySide6.QtWidgets import QApplication

from dgdesk.system.settings import FILE, Settings, step_text_size
from dgdesk.ui.form.host import ControllerHost
from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.label import Texts


class Appearance:
    """Applies settings that change how the main window looks."""

    def __init__(self, host: ControllerHost) -> None:
        self._host = host

    def apply(self, wanted: Settings) -> None:
        """Save and apply settings at once, with or without an open draft."""
        host = self._host
        if host.workspace is not None and not host.workspace.flush():
            return  # the bottom bar shows what could not be saved
        before = host.settings.now
        kept = host.settings.change(replace(wanted, who=wanted.who or before.who))
        if wanted.who:
            host.take_name(wanted.who)
        if _visible(before) != _visible(wanted):
            self._rebuild(other_language=before.language != wanted.language)
        if not kept:
            tell(host.texts, host.texts.say("settings.unwritable", name=FILE), host.window, "warning")

    def change_text_size(self, steps: int) -> None:
        """Change the size of all text by ``steps``; 0 resets it."""
        now = self._host.settings.now
        percent = step_text_size(now.text_percent, steps) if steps else 100
        self.apply(replace(now, text_percent=percent))

    def change_language(self) -> None:
        """Switch between Thai and English."""
        now = self._host.settings.now
        self.apply(replace(now, language="en" if now.language == "th" else "th"))

    def _rebuild(self, *, other_language: bool) -> None:
        """Rebuild the window's content in the new theme, size or language."""
        host, app = self._host, QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, host.settings.now)
            # Qt updates the window's font later, but the new widgets need it now
            host.window.setFont(app.font())
        if other_language:
            catalogue = replace(host.texts.catalogue, language=host.settings.now.language)
            host.speak(host.texts.speaking(catalogue))
        host.rebuild()


def translate_qt(texts: Texts) -> None:
    """Translate Qt's own texts (standard buttons, context menus) to the language of the window."""
    app = QApplication.instance()
    if app is None:
        return
    translator = app.findChild(Translator)
    if translator is None:
        translator = Translator({}, app)
        app.installTranslator(translator)
    is_thai = texts.catalogue.language == "th"
    translator.use({english: texts.say(code) for english, code in QT_WORDS.items()} if is_thai else {})


def _visible(settings: Settings) -> tuple[object, ...]:
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
    "Directories": "ui.folder",
    "Folder": "ui.folder",
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
    """Translates Qt's texts by their English source text without the mnemonic."""

    def __init__(self, words: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words

    def use(self, words: Mapping[str, str]) -> None:
        """Replace the translations; an empty mapping leaves Qt's English."""
        self._words = words

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Return the translation, or None if there is none."""
        bare = source.replace("&", "")
        found = self._words.get(bare)
        if found is None and bare.endswith(":"):
            found = self._words.get(bare[:-1])
            found = f"{found}:" if found is not None else None
        return found

    def isEmpty(self) -> bool:
        return False
