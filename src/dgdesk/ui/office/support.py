"""Window, office, support: the way from the menu (or from an error) to a file for the help desk."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.support.gather import gather_support
from dgdesk.system.progress import Progress
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.office.support_dialog import SupportDialog
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.jobs import run_modal

Files = dict[str, str]


class SupportWay(QObject):
    """Gathers off the window's thread, shows what it is, saves it."""

    def __init__(self, host: DraftHost, parent: QObject) -> None:
        super().__init__(parent)
        self._host = host

    def begin(self) -> None:
        """Gather, with the open draft if there is one; the dialog follows."""
        host, workspace = self._host, self._host.workspace
        if workspace is None:
            self._without_draft()
            return
        workspace.bridge.working.run(
            host.texts.say("ui.support.gathering"),
            self._job(workspace.bridge.draft),
            lambda files: self._later(lambda: self._show(files)),
            lambda _: self._later(self._without_draft),  # a draft that cannot be read is what it is about
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
        """What stands in front: an error may arise in a dialog."""
        return QApplication.activeModalWidget() or self._host.window

    def _later(self, act: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, act)
