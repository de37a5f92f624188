"""The dialogs for settings and for the user's name. They only ask; the controller applies the result."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from dgdesk.system.settings import TEXT_SIZES, Language, Settings, Theme, clean_name
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.frames import Frame, load_frame
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput
from dgdesk.ui.widgets.label import Texts

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_THEMES: tuple[Theme, ...] = ("light", "dark", "contrast")


class SettingsDialog(FittedDialog):
    """Asks for name, language, theme, text size and backups."""

    def __init__(self, settings: Settings, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._settings, self._texts = settings, texts
        frame = load_frame("settings", self, texts)
        self.who = frame.get(LineInput, "who")
        self.who.setText(settings.who)
        self.language = frame.get(CalmCombo, "language")
        self.language.addItems([texts.say(f"ui.language.{one}") for one in _LANGUAGES])
        self.language.setCurrentIndex(_LANGUAGES.index(settings.language))
        self.theme = frame.get(CalmCombo, "theme")
        self.theme.addItems([texts.say(f"ui.theme.{one}") for one in _THEMES])
        self.theme.setCurrentIndex(_THEMES.index(settings.theme))
        self.text_size = frame.get(CalmCombo, "text_size")
        self.text_size.addItems([f"{percent}%" for percent in TEXT_SIZES])
        self.text_size.setCurrentIndex(TEXT_SIZES.index(settings.text_percent))
        self.backups = frame.get(QPushButton, "backups")
        self.backups.clicked.connect(self._choose_backups)
        _connect(frame, self)
        self.who.setFocus()

    def wanted(self) -> Settings:
        """Return the settings as chosen."""
        return replace(
            self._settings,
            who=clean_name(self.who.text()),
            language=_LANGUAGES[self.language.currentIndex()],
            theme=_THEMES[self.theme.currentIndex()],
            text_percent=TEXT_SIZES[self.text_size.currentIndex()],
        )

    def _choose_backups(self) -> None:
        from dgdesk.ui.backups.dialogs import BackupChoiceDialog

        dialog = BackupChoiceDialog(self._settings, self._texts, self)
        if dialog.exec():
            self._settings = dialog.wanted()
        dialog.deleteLater()


class NameDialog(FittedDialog):
    """Asks for the user's name, once on a PC."""

    def __init__(self, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        frame = load_frame("name", self, texts)
        self.box = frame.get(LineInput, "box")
        self.ok = _connect(frame, self)
        self.ok.setEnabled(False)
        self.box.textChanged.connect(lambda typed: self.ok.setEnabled(bool(clean_name(typed))))
        self.box.setFocus()


def _connect(frame: Frame, dialog: QDialog) -> QPushButton:
    ok = frame.get(QPushButton, "ok")
    ok.clicked.connect(dialog.accept)
    frame.get(QPushButton, "cancel").clicked.connect(dialog.reject)
    return ok
