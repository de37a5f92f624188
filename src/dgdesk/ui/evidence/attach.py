"""Attaches files to one slot: inspects them, asks if necessary, copies them into the draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from dgdesk.draft.changes import Changes
from dgdesk.draft.unsent import why_unsent
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.evidence.limits import AttachmentRequest, AttachmentResult, Tally, assess
from dgdesk.system.progress import Progress
from dgdesk.system.scratch import Scratch, temporary
from dgdesk.ui.evidence.attach_dialog import Offered, choose_requests, picture_name, say_left_out
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.dialogs import Mood, tell
from dgdesk.ui.widgets.jobs import Job
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE

T = TypeVar("T")

_MOST_AT_ONCE = 500


class AttachController(QObject):
    """Attaches files to one slot.

    ``said`` is called with the message to show at the slot, ``came`` with the SHA-256 of files that were attached.
    """

    def __init__(
        self,
        bridge: Bridge,
        services: Services,
        slot: str,
        owner: QWidget,
        said: Callable[[str], None],
        came: Callable[[frozenset[str]], None],
    ) -> None:
        super().__init__(owner)
        self._came = came
        self._bridge, self._services, self._texts = bridge, services, services.texts
        self._slot, self._owner, self._said = slot, owner, said
        self._scratches: list[Scratch] = []
        self.at_work = 0
        """How many attachings are not done with; dialogs about them are part of them."""

    def attach_offered(self, what: Offered) -> None:
        """Attach what was dropped or pasted."""
        if what.picture is not None:
            self.picture(what.picture)
        if what.files:
            self.files(what.files)
        hints = [self._texts.say("ui.attaching.folder", name=one.name) for one in what.folders]
        if what.elsewhere:
            hints.append(self._texts.say("ui.attaching.elsewhere"))
        if hints:
            self._later(lambda: tell(self._texts, "\n".join(hints[:5]), self._owner.window(), "information"))

    def files(self, sources: Sequence[Path]) -> None:
        """Attach files: inspect them first, and ask if there are findings."""
        wanted = tuple(sources)[:_MOST_AT_ONCE]
        if not wanted:
            return
        say = self._texts.say
        title = say("ui.attaching.look_one", name=self._texts.cut(wanted[0].name, 40)) if len(wanted) == 1 else ""
        self._said("")
        self._run(
            title or say("ui.attaching.look_many", count=len(wanted)),
            lambda progress: self._inspect(wanted, progress),
            lambda requests: self._later(lambda: self._inspected(requests)),
        )

    def picture(self, picture: QImage) -> None:
        """Attach a picture from the clipboard as PNG."""
        name = picture_name(self._texts, self._services.clock())

        def write(progress: Progress) -> Scratch:
            try:
                scratch = temporary()
            except OSError as error:
                raise FileError("ui.attaching.no_picture", detail=error.strerror or "") from error
            # the stubs ask for bytes, which PySide6 refuses
            if not picture.save(str(scratch.path / name), "PNG"):  # type: ignore[call-overload]  # see above
                scratch.close()
                raise FileError("ui.attaching.no_picture", detail="PNG")
            return scratch

        def written(scratch: Scratch) -> None:
            self._scratches.append(scratch)
            self.files([scratch.path / name])

        self._said("")
        self._run(self._texts.say("ui.attaching.look_one", name=name), write, written)

    def _inspect(self, sources: tuple[Path, ...], progress: Progress) -> tuple[AttachmentRequest, ...]:
        """Inspect the files; called in the job's thread."""
        session = self._bridge.session
        requests = []
        for number, source in enumerate(sources):
            progress.at(number, len(sources))
            try:
                requests.append(AttachmentRequest(source, session.look(source)))
            except DgdeskError as error:
                requests.append(AttachmentRequest(source, error=error))
        return tuple(requests)

    def _inspected(self, requests: tuple[AttachmentRequest, ...]) -> None:
        bridge = self._bridge
        found = assess(requests, Tally(bridge.state.facts.evidence), bridge.form.definition.evidence_limits)
        chosen = choose_requests(self._texts, found, self._owner.window())
        if chosen:
            self._attach(chosen)

    def _attach(self, requests: tuple[AttachmentRequest, ...]) -> None:
        say = self._texts.say
        self._run(
            say("ui.attaching", name=self._texts.cut(requests[0].source.name, 40))
            if len(requests) == 1
            else say("ui.attaching.many", count=len(requests)),
            self._bridge.attach_job(self._slot, requests),
            self._attached,
            lambda: self._said(say("ui.attaching.cancelled")),
        )

    def _attached(self, done: tuple[Changes, tuple[AttachmentResult, ...]]) -> None:
        changes, results = done
        self._bridge.publish(changes)
        attached = {one.attachment.sha256 for one in results if one.attachment is not None}
        healed = [one.healed for one in results if one.healed is not None]
        if healed:
            self._bridge.set_damaged(self._bridge.damaged - {sha256 for _, sha256 in healed})
            self._said(self._texts.say("ui.attaching.healed", names=", ".join(f"“{name}”" for name, _ in healed)))
        elif attached:
            self._say_attached(len(attached))
            self._came(frozenset(attached))
        left_out = [one for one in results if one.status == "refused" and one.healed is None]
        if left_out:
            self._later(lambda: say_left_out(self._texts, left_out, len(attached), self._owner.window()))

    def _say_attached(self, count: int) -> None:
        """Say at the slot how many files are attached, and why they are not sent now, if so; hidden, in a dialog."""
        words = self._texts.say("ui.attaching.attached", count=count)
        unsent = why_unsent(self._bridge.form, self._bridge.state, self._slot, self._texts.say)
        self._said(f"{words}{NEW_LINE}{unsent}" if unsent else words)
        if unsent and not self._owner.isVisible():
            self._later(lambda: tell(self._texts, f"{words}\n{unsent}", self._owner.window(), "information"))

    def _failed(self, error: DgdeskError) -> None:
        mood: Mood = "information" if isinstance(error, UsageError) else "warning"
        self._later(lambda: tell(self._texts, self._texts.error(error), self._owner.window(), mood))

    def _run(
        self, title: str, job: Job[T], done: Callable[[T], None], cancelled: Callable[[], None] = lambda: None
    ) -> None:
        self.at_work += 1
        self._bridge.jobs.run(title, job, done, self._failed, cancelled, self._end)

    def _end(self) -> None:
        self.at_work -= 1
        if not self.at_work:
            for scratch in self._scratches:
                scratch.close()
            self._scratches.clear()

    def _later(self, action: Callable[[], None]) -> None:
        """Run something that waits for the user, outside of the job's callback: meanwhile other jobs can run."""

        def act() -> None:
            try:
                action()
            finally:
                self._end()

        self.at_work += 1
        QTimer.singleShot(0, self, act)
