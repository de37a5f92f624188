"""Maintenance of evidence and draft from the menu: folders, damage, copies, compaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from dgdesk.draft.file.model import StoredFile
from dgdesk.errors import DgdeskError
from dgdesk.ui.evidence.attach_dialog import files_in, folder_in
from dgdesk.ui.evidence.damage_check import DamageWatch
from dgdesk.ui.evidence.folder_actions import FolderActions
from dgdesk.ui.evidence.safe_copies import MaintenanceTask, SafeCopies
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.file_dialogs import choose_file
from dgdesk.ui.widgets.services import Services

_DROPS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class MaintenanceActions(MaintenanceTask):
    """The maintenance actions of an open draft; looks for damage by itself."""

    def __init__(self, bridge: Bridge, services: Services, flush: Callable[[], bool], owner: QWidget) -> None:
        super().__init__(bridge, services, flush, owner)
        self.folders = FolderActions(bridge, services, flush, owner)
        self.copies = SafeCopies(bridge, services, flush, owner)
        self.attach_folder, self.import_folder = self.folders.attach_folder, self.folders.import_folder
        self.save_folders = self.folders.save_folders
        self.save_copy, self.compact = self.copies.save_copy, self.copies.compact
        self.watch = DamageWatch(bridge.draft.package, lambda: bridge.jobs.busy, self)
        self.watch.found.connect(bridge.set_damaged)
        owner.setAcceptDrops(not bridge.read_only)
        owner.installEventFilter(self)
        bridge.jobs.ended.connect(self._look_again)
        self.watch.soon()

    def stop(self) -> None:
        """Stop reading: the draft is closed."""
        self.watch.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _DROPS or not isinstance(event, QDropEvent):
            return False
        files, folder = files_in(event.mimeData()), folder_in(event.mimeData())
        if not files or self.bridge.read_only:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)  # a file manager deletes what was "moved"
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.later(lambda: self.folders.import_dropped(files) if folder is None else self.import_folder(folder))
        return True

    def show_damage(self) -> None:
        """Show the damaged files and where they are used, and offer to attach them again."""
        from dgdesk.ui.evidence.damage_check import damage_rows
        from dgdesk.ui.widgets.report_dialog import report

        say, bridge = self.texts.say, self.bridge
        if not bridge.damaged:
            tell(self.texts, say("ui.care.none_damaged"), self.owner.window())
            return
        rows = damage_rows(self.texts, bridge.form, bridge.state.facts, bridge.damaged)
        damaged = list(rows)
        said = say("ui.care.damaged", count=len(damaged))
        buttons: tuple[str, ...] = (say("ui.care.heal"), say("ui.close"))
        if bridge.read_only:
            said, buttons = say("ui.care.damaged_read_only", count=len(damaged)), buttons[1:]
        title, what = say("ui.care.damaged_title"), "ui.care.what_damaged"
        mend = len(buttons) - 1
        chosen, at = report(
            self.services, title, said, list(rows.values()), buttons, what, self.owner.window(), per_row=mend
        )
        if mend and chosen == 0 and at >= 0:
            self._choose_replacement(damaged[at])

    def _choose_replacement(self, sha256: str) -> None:
        chosen = choose_file(self.owner.window(), "evidence", self.texts.say("ui.care.heal_choose"))
        if chosen is not None:
            self.replace_damaged(sha256, chosen)

    def replace_damaged(self, sha256: str, source: Path) -> None:
        """Replace the damaged copy of a file by an intact one of the user's."""
        package = self.bridge.draft.package

        def done(stored: StoredFile | None) -> None:
            self.later(lambda: self._report_replaced(sha256, source.name, stored))

        self.bridge.jobs.run(
            self.texts.say("ui.care.healing", name=source.name),
            lambda progress: package.heal(source, progress=progress),
            done,
            lambda error: self.later(lambda: self._report_not_replaced(error)),
        )

    def _report_replaced(self, sha256: str, name: str, stored: StoredFile | None) -> None:
        say, bridge = self.texts.say, self.bridge
        if stored is not None:
            bridge.set_damaged(bridge.damaged - {stored.sha256})
        if stored is None or (stored.sha256 != sha256 and not stored.healed):
            tell(self.texts, say("ui.care.other_file", name=name), self.owner.window(), "warning")
        elif stored.sha256 != sha256:
            tell(self.texts, say("ui.care.healed_other", name=name), self.owner.window())
        else:
            tell(self.texts, say("ui.care.healed", name=name), self.owner.window())
        if bridge.damaged:
            self.show_damage()

    def _report_not_replaced(self, error: DgdeskError) -> None:
        if error.code == "package.damaged":
            tell(self.texts, self.texts.say("ui.care.heal_torn"), self.owner.window(), "warning")
        else:
            self.failed(error)

    def _look_again(self) -> None:
        if self.bridge.damaged:  # attaching may have replaced some
            self.watch.soon()
