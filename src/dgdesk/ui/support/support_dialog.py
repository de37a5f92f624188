"""The file for the help desk: its whole content is shown before it is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.support.gather import gather_support, write_support
from dgdesk.system.progress import Progress
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

Files = dict[str, str]


class SupportActions(QObject):
    """Collects the support data in a thread, shows it and saves it."""

    def __init__(self, host: DraftHost, parent: QObject) -> None:
        super().__init__(parent)
        self._host = host

    def begin(self) -> None:
        """Collect the data, including the open draft's; then show the dialog."""
        host, workspace = self._host, self._host.workspace
        if workspace is None:
            self._without_draft()
            return
        workspace.bridge.jobs.run(
            host.texts.say("ui.support.gathering"),
            self._job(workspace.bridge.draft),
            lambda files: self._later(lambda: self._show(files)),
            lambda _: self._later(self._without_draft),  # a draft that cannot be read may be the problem
        )

    def _without_draft(self) -> None:
        texts = self._host.texts
        try:
            files: Files = run_modal(texts, texts.say("ui.support.gathering"), self._job(None), self._over())
        except DgdeskError as error:
            tell(texts, texts.error(error), self._over(), "warning")
            return
        self._show(files)

    def _job(self, draft: Draft | None) -> Callable[[Progress], Files]:
        services, environment = self._host.services, dict(os.environ)
        now, names = services.clock(), (services.who,)
        return lambda progress: gather_support(services.profile, now, environment, draft, names, progress=progress)

    def _show(self, files: Files) -> None:
        texts = self._host.texts
        dialog = SupportDialog(files, self._host.services, self._over())
        dialog.exec()
        saved = dialog.saved
        dialog.deleteLater()
        if saved is not None:
            tell(texts, texts.say("support.written", path=saved), self._over())

    def _over(self) -> QWidget:
        """The front window: an error may happen in a dialog."""
        return QApplication.activeModalWidget() or self._host.window

    def _later(self, act: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, act)


_ENDING = ".zip"


class SupportDialog(FittedDialog):
    """Shows the files by name. Accepted once the support file is written, at ``saved``."""

    def __init__(self, files: Mapping[str, str], services: Services, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._files, self._services, self._texts = dict(files), services, services.texts
        self.saved: Path | None = None
        say = self._texts.say
        self.setWindowTitle(say("ui.support.title"))
        self.setStyleSheet(sheet())
        self.resize(760, 520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
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
        """Let the user choose a file, and write it."""
        say = self._texts.say
        title, kinds = say("ui.support.choose"), say("ui.support.kind")
        chosen = choose_target(self._texts, self, "support", title, self._name(), kinds, "support")
        if chosen is None:
            return
        target, replace, files = chosen.path, bool(chosen.replace), self._files
        try:
            run_modal(
                self._texts,
                say("ui.support.writing"),
                lambda _: write_support(target, files, replace=replace),
                self,
            )
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self, "warning")
            return
        self.saved = target
        self.accept()

    def _name(self) -> str:
        return f"dgdesk-support-{self._services.clock():%Y%m%d-%H%M}{_ENDING}"
