"""Window, attaching: files on their way to one place: looked at, asked about, copied; all off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.package.model import Cancelled, CancelledError, Progress
from dgdesk.session import AttachedFiles
from dgdesk.system.scratch import Scratch, temporary
from dgdesk.ui.attaching_dialog import ask_about, tell_left_out
from dgdesk.ui.attaching_plan import Looked, Plan, Told, plan
from dgdesk.ui.attaching_sources import Offered, picture_name
from dgdesk.ui.bridge import Bridge
from dgdesk.ui.dialogs import Mood, tell
from dgdesk.ui.services import Services

_MOST_AT_ONCE = 500


class Attaching(QObject):
    """Attaches files at one place. ``said`` is called with what the person should read beside the place."""

    def __init__(
        self, bridge: Bridge, services: Services, slot: str, owner: QWidget, said: Callable[[str], None]
    ) -> None:
        super().__init__(owner)
        self._bridge, self._services, self._texts = bridge, services, services.texts
        self._slot, self._owner, self._said = slot, owner, said
        self._scratches: list[Scratch] = []
        self.at_work = 0
        """How many attachings are not done with; dialogs about them are part of them."""

    def take(self, what: Offered) -> None:
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
        """Attach files: look at them first, and ask where that says something."""
        wanted = tuple(sources)[:_MOST_AT_ONCE]
        if not wanted:
            return
        say = self._texts.say
        self._begin()
        title = say("ui.attaching.look_one", name=self._texts.cut(wanted[0].name, 40)) if len(wanted) == 1 else ""
        self._bridge.working.run(
            title or say("ui.attaching.look_many", count=len(wanted)),
            lambda progress, cancelled: self._look(wanted, progress, cancelled),
            lambda looked: self._later(lambda: self._looked(looked)),
            self._failed,
            self._end,
        )

    def picture(self, picture: QImage) -> None:
        """Attach a picture that is no file yet, as PNG."""
        name = picture_name(self._texts, self._services.clock())

        def write(progress: Progress, cancelled: Cancelled) -> Scratch:
            try:
                scratch = temporary()
            except OSError as error:
                raise FileError("ui.attaching.no_picture", detail=error.strerror or "") from error
            # the stubs ask for bytes, which are refused
            if not picture.save(str(scratch.path / name), "PNG"):  # type: ignore[call-overload]  # see above
                scratch.close()
                raise FileError("ui.attaching.no_picture", detail="PNG")
            return scratch

        def written(scratch: Scratch) -> None:
            self._scratches.append(scratch)
            self.files([scratch.path / name])
            self._end()

        self._begin()
        title = self._texts.say("ui.attaching.look_one", name=name)
        self._bridge.working.run(title, write, written, self._failed, self._end)

    def _look(self, sources: tuple[Path, ...], progress: Progress, cancelled: Cancelled) -> tuple[Looked, ...]:
        """In the thread: look at the files."""
        session = self._bridge.session
        found = []
        for number, source in enumerate(sources):
            if cancelled():
                raise CancelledError("package.cancelled")
            progress(number, len(sources))
            try:
                found.append(Looked(source, session.look(source)))
            except DgdeskError as error:
                found.append(Looked(source, error=error))
        return tuple(found)

    def _looked(self, looked: tuple[Looked, ...]) -> None:
        bridge = self._bridge
        found: Plan = plan(looked, bridge.state.facts.evidence, bridge.form.definition.evidence_limits)
        any_at_all, with_asks = True, False
        if found.asks or found.refused:
            any_at_all, with_asks = ask_about(self._texts, found, self._owner.window())
        chosen = found.chosen(looked, with_asks) if any_at_all else ()
        if chosen:
            self._attach(chosen)
        else:
            self._end()

    def _attach(self, sources: tuple[Path, ...]) -> None:
        say = self._texts.say
        self._bridge.working.run(
            say("ui.attaching", name=self._texts.cut(sources[0].name, 40))
            if len(sources) == 1
            else say("ui.attaching.many", count=len(sources)),
            self._bridge.attaching(self._slot, sources),
            self._attached,
            self._failed,
            self._cancelled,
        )

    def _attached(self, done: AttachedFiles) -> None:
        self._bridge.deliver(done.changes)
        stored = {one.attachment.sha256 for one in done.files if one.attachment is not None}
        healed = [one.name for one in done.files if one.healed]
        if healed:
            self._bridge.know_damage(self._bridge.damaged - {one.sha256 for one in done.files if one.healed})
            self._said(self._texts.say("ui.attaching.healed", names=", ".join(f"“{name}”" for name in healed)))
        elif stored:
            self._said(self._texts.say("ui.attaching.attached", count=len(stored)))
        left_out = [Told(one.source, (one.error,)) for one in done.files if one.error is not None]
        if left_out:
            self._later(lambda: self._tell(left_out, len(stored)))
        else:
            self._end()

    def _tell(self, left_out: Sequence[Told], attached: int) -> None:
        tell_left_out(self._texts, left_out, attached, self._owner.window())
        self._end()

    def _cancelled(self) -> None:
        self._said(self._texts.say("ui.attaching.cancelled"))
        self._end()

    def _failed(self, error: DgdeskError) -> None:
        def say() -> None:
            mood: Mood = "information" if isinstance(error, UsageError) else "warning"
            tell(self._texts, self._texts.error(error), self._owner.window(), mood)
            self._end()

        self._later(say)

    def _begin(self) -> None:
        self.at_work += 1
        self._said("")

    def _end(self) -> None:
        self.at_work -= 1
        if not self.at_work:
            for scratch in self._scratches:
                scratch.close()
            self._scratches.clear()

    def _later(self, action: Callable[[], None]) -> None:
        """Do something that waits for the person, outside of the work's callback: other work goes on meanwhile."""
        QTimer.singleShot(0, self, action)
