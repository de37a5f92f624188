"""Controls backups: made while a draft is open, offered when a draft cannot be opened."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from dgdesk.draft.backups.names import BackupCopy, all_copies
from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Cancelled
from dgdesk.ui.backups.repair import REPAIRABLE
from dgdesk.ui.backups.scheduler import BackupScheduler, chosen_place
from dgdesk.ui.form.host import DraftHost, PageHost
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.services import system_name

_LOST: Final = frozenset(
    {
        *(
            "package.damaged",
            "package.unfinished",
            "package.not_a_package",
            "package.missing",
            "package.definition_damaged",
        ),
        *("package.value_damaged", "definition.frozen_invalid"),
    }
)
"""Errors of opening a draft that a backup may not have."""


class BackupController:
    """The backups of the window's drafts. None is made automatically before `keep_copies`."""

    def __init__(self, host: DraftHost) -> None:
        self._host = host
        self._enabled = False
        self.scheduler: BackupScheduler | None = None

    def keep_copies(self) -> None:
        """Make backups from now on, of every draft that is opened for writing."""
        self._enabled = True
        if self._host.workspace is not None:
            self.begin(self._host.workspace)

    def begin(self, workspace: PageHost) -> None:
        """Start the scheduler: a draft was opened, or its workspace rebuilt."""
        self._stop()
        if self._enabled and not workspace.bridge.read_only:
            host = self._host
            self.scheduler = BackupScheduler(
                workspace.bridge,
                host.texts,
                lambda: host.settings.now,
                host.services.clock,
                workspace.bar.say_failed,
                workspace.bar,
            )

    def cancel_running(self) -> None:
        """Cancel a running backup, because the draft may be closed soon."""
        if self.scheduler is not None:
            self.scheduler.cancel_running()

    def end(self) -> None:
        """Stop the scheduler before the draft is closed."""
        scheduler, self.scheduler = self.scheduler, None
        if scheduler is not None:
            scheduler.close()

    def restore_open(self) -> None:
        """Let the user choose a backup of the open draft."""
        if self._host.draft is not None:
            self.restore(self._host.draft.path)

    def restore(self, path: Path) -> None:
        """Let the user choose a backup of a draft, restore it, and open it."""
        from dgdesk.draft.backups.restore import kept_path
        from dgdesk.ui.backups.dialogs import RestoreDialog

        host = self._host
        copies = self._copies(path)
        if not copies:
            tell(host.texts, host.texts.say("ui.backups.none", name=path.name), host.window)
            return
        try:
            kept = kept_path(path, host.services.clock()) if path.exists() else None
        except (DgdeskError, OSError):
            kept = None
        dialog = RestoreDialog(host.services, copies, path, kept, host.window)
        dialog.exec()
        copy = dialog.copy
        dialog.deleteLater()
        if copy is not None and host.ask_name() and self._leave(path):
            self._put_back(copy, path, kept)

    def offer(self, path: Path, error: DgdeskError) -> bool:
        """Say that a draft cannot be opened but has backups. False: there is none, or repair may help."""
        if error.code not in _LOST or not (copies := self._copies(path)):
            return False
        texts = self._host.texts
        words = f"{texts.error(error)}\n\n{texts.say('ui.backups.offer', count=len(copies))}"
        buttons = (texts.say("ui.backups.restore"), texts.say("ui.close"))
        if ask(texts, words, buttons, self._host.window, "warning") == 0:
            self.restore(path)
            return True
        return error.code not in REPAIRABLE

    def _leave(self, path: Path) -> bool:
        """Close the open draft; False: some input cannot be saved, and the user stays."""
        host = self._host
        if not host.may_close():
            return False
        if host.draft is not None and host.draft.path == path:
            self._stop()  # no backup now: it might replace the chosen one, and the draft itself is kept
        host.let_go()
        return True

    def _put_back(self, copy: BackupCopy, path: Path, kept: Path | None) -> None:
        from dgdesk.draft.backups.restore import restore

        host = self._host
        texts, clock = host.texts, host.services.clock
        who = host.services.who or system_name()
        host.show_blank()
        words, mood, opens = "", "information", True
        try:
            left = run_modal(
                texts,
                texts.say("ui.backups.restoring", name=path.name),
                lambda progress: restore(copy.path, path, clock=clock, who=who, kept=kept, progress=progress),
                host.window,
            )
            code = "ui.backups.done" if left is not None else "ui.backups.done_new"
            words = texts.say(code, name=path.name, kept="" if left is None else left.name)
        except Cancelled:
            words = texts.say("ui.backups.left")
        except DgdeskError as error:
            words, mood, opens = texts.error(error), "warning", error.code == "backup.copy_damaged"
        if mood == "warning":
            tell(texts, words, host.window, "warning")
        if opens and path.exists():
            host.open(path)
        if host.workspace is None:
            host.show_start()
        if mood != "warning":
            tell(texts, words, host.window)

    def _copies(self, path: Path) -> tuple[BackupCopy, ...]:
        chosen = chosen_place(self._host.settings.now)
        with suppress(DgdeskError, OSError):
            return run_modal(
                self._host.texts,
                self._host.texts.say("ui.backups.looking"),
                lambda progress: all_copies(path, chosen),
                self._host.window,
            )
        return ()

    def _stop(self) -> None:
        scheduler, self.scheduler = self.scheduler, None
        if scheduler is not None:
            scheduler.stop()
