"""Window, office, support dialog: shows what the help desk would be given, to the last line, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from dgdesk.errors import DgdeskError
from dgdesk.support.gather import write_support
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet

_ENDING = ".zip"


class SupportDialog(FittedDialog):
    """The dialog on the files by name. Once it is accepted, the file is written, at ``saved``."""

    def __init__(self, files: Mapping[str, str], services: Services, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._files, self._services, self._texts = dict(files), services, services.texts
        self.saved: Path | None = None
        say = self._texts.say
        self.setWindowTitle(say("ui.support.title"))
        self.setStyleSheet(sheet())
        self.resize(760, 520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        self.said = WrapLabel(self._texts, say("ui.support.said"), "text", self)
        self.said.setMinimumWidth(440)
        layout.addWidget(self.said)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("readout")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(say("ui.support.content"))
        self.text.setPlainText("\n\n".join(f"── {name} ──\n{text}" for name, text in files.items()))
        layout.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, self._texts, "ui.support.what"))
        row.addStretch(1)
        self.save_button = QPushButton(say("ui.support.save"), self)
        self.save_button.setObjectName("primary")
        self.close_button = QPushButton(say("ui.cancel"), self)
        give_keys((self.save_button, "S"), (self.close_button, "C"))
        for button, act in ((self.save_button, self.save), (self.close_button, self.reject)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
            row.addWidget(button)
        layout.addLayout(row)
        self.save_button.setFocus()

    def save(self) -> None:
        """Let the person choose a place, and write the file there."""
        say = self._texts.say
        name, _ = QFileDialog.getSaveFileName(
            self, say("ui.support.choose"), str(documents() / self._name()), say("ui.support.kind")
        )
        if not name:
            return
        target = Path(name if name.lower().endswith(_ENDING) else name + _ENDING)
        files = self._files
        try:
            run_modal(self._texts, say("ui.support.writing"), lambda _: write_support(target, files), self)
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self, "warning")
            return
        self.saved = target
        self.accept()

    def _name(self) -> str:
        return f"dgdesk-support-{self._services.clock():%Y%m%d-%H%M}{_ENDING}"


def documents() -> Path:
    """Return the person's folder for documents, as the system names it."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found else Path.home()
