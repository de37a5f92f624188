"""What the window does when another program changes the open draft: it keeps the work, says so, and lets one choose."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, QTimer

from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.errors import DgdeskError
from dgdesk.system.glance import PATIENCE
from dgdesk.system.progress import Cancelled
from dgdesk.ui.form.bridge import Action, Bridge
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.latest import LatestWins, Task
from dgdesk.ui.widgets.services import system_name

if TYPE_CHECKING:
    from dgdesk.draft.file.kept_copy import KeptCopy

LOOK_AGAIN: Final = 3_000
"""Milliseconds between two checks of the file, in a thread: a network share may stall."""


class Host(DraftHost, Protocol):
    """What this part needs of the main controller."""

    def show_start(self) -> None:
        """Show the start page."""


class UnderneathController(QObject):
    """Checks whether another program has changed the file of the open draft."""

    def __init__(self, host: Host, owner: QObject) -> None:
        super().__init__(owner)
        self._host = host
        self._draft: Draft | None = None
        self._bridge: Bridge | None = None
        self._told = self._at_work = False
        self._latest = LatestWins("dgdesk look at the file", self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AGAIN)
        self._timer.timeout.connect(self.look)

    @property
    def said(self) -> bool:
        """Whether the person knows that the draft was changed."""
        return self._told

    def begin(self, draft: Draft, bridge: Bridge) -> None:
        """Check a draft from now on."""
        self._draft, self._bridge, self._told = draft, bridge, False
        bridge.underneath.connect(self._soon)
        bridge.jobs.ended.connect(self._after_job)
        self._timer.start()

    def end(self) -> None:
        """Stop, before the draft is closed."""
        self._timer.stop()
        self._latest.cancel()
        self._latest.wait(PATIENCE)
        self._draft = self._bridge = None

    def look(self) -> None:
        """Look at the file now, in a thread."""
        draft = self._draft
        if draft is not None and not self._told and not self._at_work and not self._latest.running:
            self._latest.request(lambda task: self._changed(draft, task), self._noticed)

    @staticmethod
    def _changed(draft: Draft, task: Task) -> bool:
        with suppress(DgdeskError):
            return not task.cancelled and draft.package.look_underneath()
        return False

    def _after_job(self) -> None:
        if self._draft is not None and self._draft.package.changed_underneath is not None:
            self._soon()

    def _soon(self) -> None:
        QTimer.singleShot(0, self, lambda: self._noticed(changed=True))

    def _noticed(self, changed: bool) -> None:
        draft, bridge = self._draft, self._bridge
        if not changed or draft is None or bridge is None or self._told or self._at_work or bridge.jobs.busy:
            return
        if draft.package.read_only:
            self._told = True
            if self._host.workspace is not None:
                self._host.workspace.bar.say_failed(self._host.texts.say("ui.underneath.reader"))
            return
        self._at_work = True
        try:
            self._rescue(draft, bridge)
        finally:
            self._at_work = False

    def _rescue(self, draft: Draft, bridge: Bridge) -> None:
        host, texts = self._host, self._host.texts
        if host.workspace is not None:
            host.workspace.flush()  # into the queue: what was typed comes into the copy too
        error, path = draft.package.changed_underneath, draft.path
        try:
            kept = run_modal(
                texts,
                texts.say("ui.underneath.keeping", name=path.name),
                lambda progress: draft.package.keep_ours(progress=progress),
                host.window,
            )
        except (DgdeskError, Cancelled) as failure:
            words = texts.say("ui.underneath.not_kept", name=path.name, why=texts.error(failure))
            buttons = (texts.say("ui.underneath.again"), texts.say("ui.underneath.later"))
            if ask(texts, words, buttons, host.window, "warning") == 0:
                self._soon()
            return
        if kept is None or error is None:
            return
        late = bridge.take_queued()
        refused = self._add(kept, late)
        words = texts.error(error)
        if kept.lost:
            words += "\n\n" + texts.say("ui.underneath.lost", count=len(kept.lost))
        if refused:
            words += "\n\n" + texts.error(refused)
        there = path.exists()
        buttons = (texts.say("ui.underneath.mine"), *((texts.say("ui.underneath.theirs"),) if there else ()))
        chosen = ask(texts, words, (*buttons, texts.say("ui.close")), host.window, "warning")
        self._told = True
        host.let_go()
        if chosen < len(buttons):
            host.open(kept.path if chosen == 0 else path)
        if host.workspace is None:
            host.show_start()

    def _add(self, kept: KeptCopy, late: list[Action]) -> DgdeskError | None:
        """Save in the copy what could not be saved any more; return why not, if that fails."""
        if not late:
            return None
        services = self._host.services
        try:
            with _opened(kept.path, services.who or system_name(), self._host) as copy:
                for action in late:
                    action(copy.session)
        except DgdeskError as error:
            return error
        return None


def _opened(path: Path, who: str, host: Host) -> Draft:
    return open_draft(path, clock=host.services.clock, who=who, documents=host.services.documents)
