"""Window, settings dialog: name, language, theme, text size. The desk makes them so; this only asks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.settings import TEXT_SIZES, Language, Settings, Theme, clean_name
from dgdesk.ui.inputs import CalmCombo, LineInput
from dgdesk.ui.looks import sheet
from dgdesk.ui.text import Texts, WrapLabel

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_THEMES: tuple[Theme, ...] = ("light", "dark", "contrast")


class SettingsDialog(QDialog):
    """Shows settings and lets them be changed."""

    def __init__(self, settings: Settings, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._settings, self._texts = settings, texts
        say = texts.say
        layout = _prepare(self, say("ui.start.settings"))
        self.who = LineInput(self)
        self.who.setText(settings.who)
        self.language = CalmCombo(self)
        self.language.addItems([say(f"ui.language.{one}") for one in _LANGUAGES])
        self.language.setCurrentIndex(_LANGUAGES.index(settings.language))
        self.theme = CalmCombo(self)
        self.theme.addItems([say(f"ui.theme.{one}") for one in _THEMES])
        self.theme.setCurrentIndex(_THEMES.index(settings.theme))
        self.text_size = CalmCombo(self)
        self.text_size.addItems([f"{percent}%" for percent in TEXT_SIZES])
        self.text_size.setCurrentIndex(TEXT_SIZES.index(settings.text_percent))
        for code, box in (
            ("ui.start.who", self.who),
            ("ui.settings.language", self.language),
            ("ui.settings.theme", self.theme),
            ("ui.settings.text_size", self.text_size),
        ):
            _labelled(layout, texts, say(code), box, self)
        layout.addWidget(WrapLabel(texts, say("ui.settings.hint"), "hint", self))
        _add_buttons(self, layout, texts)

    def wanted(self) -> Settings:
        """Return the settings as chosen."""
        return replace(
            self._settings,
            who=clean_name(self.who.text()),
            language=_LANGUAGES[self.language.currentIndex()],
            theme=_THEMES[self.theme.currentIndex()],
            text_percent=TEXT_SIZES[self.text_size.currentIndex()],
        )


class NameDialog(QDialog):
    """Asks, once on this PC, for the name of the person at work."""

    def __init__(self, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        layout = _prepare(self, texts.say("ui.program"))
        layout.addWidget(WrapLabel(texts, texts.say("ui.name.why"), "text", self))
        self.box = LineInput(self)
        _labelled(layout, texts, texts.say("ui.start.who"), self.box, self)
        self.ok = _add_buttons(self, layout, texts)
        self.ok.setEnabled(False)
        self.box.textChanged.connect(lambda typed: self.ok.setEnabled(bool(clean_name(typed))))
        self.box.setFocus()


def _prepare(dialog: QDialog, title: str) -> QVBoxLayout:
    dialog.setWindowTitle(title)
    dialog.setStyleSheet(sheet())
    dialog.setMinimumWidth(460)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 16, 20, 14)
    layout.setSpacing(10)
    return layout


def _labelled(layout: QVBoxLayout, texts: Texts, words: str, box: QWidget, owner: QWidget) -> None:
    both = QVBoxLayout()
    both.setSpacing(2)
    both.addWidget(WrapLabel(texts, words, "text", owner))
    both.addWidget(box)
    box.setAccessibleName(words)
    layout.addLayout(both)


def _add_buttons(dialog: QDialog, layout: QVBoxLayout, texts: Texts) -> QPushButton:
    row = QHBoxLayout()
    row.addStretch(1)
    ok = QPushButton(texts.say("ui.ok"), dialog)
    ok.setObjectName("primary")
    ok.setDefault(True)
    ok.clicked.connect(dialog.accept)
    cancel = QPushButton(texts.say("ui.cancel"), dialog)
    cancel.clicked.connect(dialog.reject)
    row.addWidget(ok)
    row.addWidget(cancel)
    layout.addLayout(row)
    return ok
