"""Window, care: what is done with all evidence or the whole draft: folders in and out, damage, copies, room given back.

Long work goes through `Bridge.working`; what came of it is told once the work has let go of the draft.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from dgdesk.answers.limits import in_units
from dgdesk.drafts import SUFFIX
from dgdesk.errors import DgdeskError
from dgdesk.package.model import CancelledError, Compacted, Damage, Spare, StoredFile
from dgdesk.ui.background import run_job
from dgdesk.ui.bridge import Bridge
from dgdesk.ui.care_watch import Watch
from dgdesk.ui.dialogs import tell
from dgdesk.ui.services import Services

if TYPE_CHECKING:  # what follows is imported when it is asked for: opening a draft must not wait for it
    from dgdesk.carrying.carry_in import CarriedIn
    from dgdesk.carrying.carry_out import CarriedOut
    from dgdesk.carrying.plan import Plan

_DROPS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class Care(QObject):
    """The care of one open draft. ``flush`` writes what was typed, and says whether that could be done."""

    def __init__(self, bridge: Bridge, services: Services, flush: Callable[[], bool], owner: QWidget) -> None:
        super().__init__(owner)
        self._bridge, self._services, self._texts = bridge, services, services.texts
        self._flush, self._owner = flush, owner
        self.watch = Watch(bridge.draft.package, lambda: bridge.working.busy, self)
        self.watch.found.connect(bridge.know_damage)
        owner.destroyed.connect(self.watch.give_up)
        owner.setAcceptDrops(not bridge.read_only)
        owner.installEventFilter(self)
        bridge.working.ended.connect(self._look_again)
        self.watch.soon()

    def stop(self) -> None:
        """The draft is closed: nothing reads it any more."""
        self.watch.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a folder that is dropped anywhere in the window, but on what takes files itself."""
        if event.type() not in _DROPS or not isinstance(event, QDropEvent):
            return False
        folder = _folder_in(event.mimeData())
        if folder is None:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._later(lambda: self.carry_in(folder))
        return True

    # -- folders ---------------------------------------------------------------------------------------------------

    def attach_folder(self) -> None:
        """Let the person choose a folder, and attach what is in it."""
        name = QFileDialog.getExistingDirectory(self._owner.window(), self._texts.say("ui.folder.in_choose"))
        if name:
            self.carry_in(Path(name))

    def carry_in(self, folder: Path) -> None:
        """Show what attaching a folder would do, and do what the person leaves of it."""
        if self._bridge.read_only or not self._flush():
            return
        from dgdesk.carrying.carry_in import plan_folder
        from dgdesk.ui.folder_in import FolderIn

        session, say = self._bridge.session, self._texts.say
        try:
            plan = run_job(
                self._texts,
                say("ui.folder.reading", name=folder.name),
                lambda progress, cancelled: plan_folder(session, folder, progress=progress, cancelled=cancelled),
                self._owner.window(),
            )
        except CancelledError:
            return
        except DgdeskError as error:
            self._failed(error)
            return
        dialog = FolderIn(self._bridge, self._services, folder.name, plan, self._owner.window())
        if dialog.exec():
            self._attach(folder, dialog.wanted)
        dialog.deleteLater()

    def _attach(self, folder: Path, plan: Plan) -> None:
        from dgdesk.carrying.carry_in import carry_in
        from dgdesk.ui.care_words import new_files

        bridge = self._bridge
        session = bridge.session
        before = bridge.state.facts.evidence

        def done(result: CarriedIn) -> None:
            bridge.deliver(result.changes)
            new = new_files(result, before, session.state.facts.evidence)
            self._later(lambda: self._tell_carried_in(result, new))

        bridge.working.run(
            self._texts.say("ui.folder.attaching", name=folder.name),
            lambda progress, cancelled: carry_in(session, folder, plan, progress=progress, cancelled=cancelled),
            done,
            self._failed,
        )

    def _tell_carried_in(self, result: CarriedIn, new: frozenset[tuple[str, str]]) -> None:
        from dgdesk.carrying.labels import labels_of
        from dgdesk.ui.care_report import report
        from dgdesk.ui.care_words import result_rows

        say = self._texts.say
        words = [say("ui.folder.in_done", attached=len(result.attached))]
        if result.already:
            words.append(say("ui.folder.in_already", count=len(result.already)))
        if result.failed:
            words.append(say("ui.folder.in_failed", count=len(result.failed)))
        if result.stopped:
            words.append(say("ui.folder.in_stopped"))
        rows = result_rows(self._texts, labels_of(self._bridge.form), result)
        buttons = (say("ui.folder.take_back"), say("ui.close")) if new else (say("ui.close"),)
        title, what = say("ui.folder.in_result"), "ui.folder.what_result"
        chosen, _ = report(self._services, title, " ".join(words), rows, buttons, what, self._owner.window())
        if new and chosen == 0:
            self._take_back(new)

    def _take_back(self, new: frozenset[tuple[str, str]]) -> None:
        evidence = self._bridge.state.facts.evidence
        slots = {slot for slot, _ in new}
        self._bridge.restore(
            {
                ("evidence", slot): [one.as_json() for one in evidence.get(slot, ()) if (slot, one.sha256) not in new]
                for slot in slots
            }
        )

    def save_folders(self) -> None:
        """Write all evidence as folders, where the person says."""
        from dgdesk.carrying.carry_out import carry_out
        from dgdesk.ui.folder_out import free_folder, tell_carried_out

        say, bridge = self._texts.say, self._bridge
        if not self._flush():
            return
        if not any(bridge.state.facts.evidence.values()):
            tell(self._texts, say("carry.nothing"), self._owner.window())
            return
        name = QFileDialog.getExistingDirectory(self._owner.window(), say("ui.folder.out_choose"))
        if not name:
            return
        draft = bridge.draft
        target = free_folder(Path(name), say("ui.folder.out_name", name=draft.path.stem))

        def done(result: CarriedOut) -> None:
            self._later(lambda: tell_carried_out(self._services, result, target, self._owner.window()))

        bridge.working.run(
            say("ui.folder.writing", name=target.name),
            lambda progress, cancelled: carry_out(
                draft.session.form,
                draft.session.state,
                draft.package.read_file,
                target,
                progress=progress,
                cancelled=cancelled,
            ),
            done,
            self._failed,
        )

    # -- damage ----------------------------------------------------------------------------------------------------

    def show_damage(self) -> None:
        """Name the damaged files and where they are used, and offer to attach them again."""
        from dgdesk.ui.care_report import report
        from dgdesk.ui.care_words import damage_rows

        say, bridge = self._texts.say, self._bridge
        damaged = sorted(bridge.damaged)
        if not damaged:
            tell(self._texts, say("ui.care.none_damaged"), self._owner.window())
            return
        rows = damage_rows(self._texts, bridge.form, bridge.state.facts.evidence, damaged)
        said = say("ui.care.damaged", count=len(damaged))
        buttons: tuple[str, ...] = (say("ui.care.heal"), say("ui.close"))
        if bridge.read_only:
            said, buttons = say("ui.care.damaged_read_only", count=len(damaged)), buttons[1:]
        title, what = say("ui.care.damaged_title"), "ui.care.what_damaged"
        mend = len(buttons) - 1
        chosen, at = report(self._services, title, said, rows, buttons, what, self._owner.window(), per_row=mend)
        if mend and chosen == 0 and at >= 0:
            self._choose_healing(damaged[at])

    def _choose_healing(self, sha256: str) -> None:
        name, _ = QFileDialog.getOpenFileName(self._owner.window(), self._texts.say("ui.care.heal_choose"))
        if name:
            self.heal(sha256, Path(name))

    def heal(self, sha256: str, source: Path) -> None:
        """Put a person's file in the place of the damaged copy of it."""
        package = self._bridge.draft.package

        def done(stored: StoredFile | None) -> None:
            self._later(lambda: self._tell_healed(sha256, source.name, stored))

        self._bridge.working.run(
            self._texts.say("ui.care.healing", name=source.name),
            lambda progress, cancelled: package.heal(source, progress=progress, cancelled=cancelled),
            done,
            lambda error: self._later(lambda: self._heal_failed(error)),
        )

    def _tell_healed(self, sha256: str, name: str, stored: StoredFile | None) -> None:
        say, bridge = self._texts.say, self._bridge
        if stored is not None:
            bridge.know_damage(bridge.damaged - {stored.sha256})
        if stored is None or (stored.sha256 != sha256 and not stored.healed):
            tell(self._texts, say("ui.care.other_file", name=name), self._owner.window(), "warning")
        elif stored.sha256 != sha256:
            tell(self._texts, say("ui.care.healed_other", name=name), self._owner.window())
        else:
            tell(self._texts, say("ui.care.healed", name=name), self._owner.window())
        if bridge.damaged:
            self.show_damage()

    def _heal_failed(self, error: DgdeskError) -> None:
        if error.code == "package.damaged":
            tell(self._texts, self._texts.say("ui.care.heal_torn"), self._owner.window(), "warning")
        else:
            self._failed(error)

    def _look_again(self) -> None:
        if self._bridge.damaged:  # attaching may have mended some
            self.watch.soon()

    # -- copies and room -------------------------------------------------------------------------------------------

    def save_copy(self) -> None:
        """Write a checked copy of the draft, where the person says."""
        say, draft = self._texts.say, self._bridge.draft
        if not self._flush():
            return
        suggested = draft.path.with_name(say("ui.care.copy_name", name=draft.path.stem) + SUFFIX)
        name, _ = QFileDialog.getSaveFileName(
            self._owner.window(), say("ui.care.copy_choose"), str(suggested), say("ui.draft_files")
        )
        if not name:
            return
        target = Path(name if name.endswith(SUFFIX) else name + SUFFIX)
        # the file dialog asked about the name that was typed, not about one with an ending put to it
        replace = str(target) == name

        def done(damages: tuple[Damage, ...]) -> None:
            self._later(lambda: self._tell_copied(target, damages))

        self._bridge.working.run(
            say("ui.care.copying", name=target.name),
            lambda progress, cancelled: draft.package.backup(
                target, replace=replace, progress=progress, cancelled=cancelled
            ),
            done,
            self._failed,
        )

    def _tell_copied(self, target: Path, damages: tuple[Damage, ...]) -> None:
        from dgdesk.ui.care_report import report

        say, words = self._texts.say, self._texts.catalogue.text
        rows = [(words(one.code, subject=one.subject, detail=one.detail),) for one in damages]
        said = say("ui.care.copied_damaged" if rows else "ui.care.copied", path=target)
        title, what = say("ui.care.copy_title"), "ui.care.what_copy"
        report(self._services, title, said, rows, (say("ui.close"),), what, self._owner.window())

    def compact(self) -> None:
        """Say what giving back unused space would give, and do it if wanted."""
        package = self._bridge.draft.package
        if self._bridge.read_only or not self._flush():
            return
        self._bridge.working.run(
            self._texts.say("ui.care.compact_looking"),
            lambda progress, cancelled: package.spare(),
            lambda spare: self._later(lambda: self._ask_compact(spare)),
            self._failed,
        )

    def _ask_compact(self, spare: Spare) -> None:
        from dgdesk.ui.care_compact import CompactDialog

        dialog = CompactDialog(spare, self._texts, self._owner.window())
        wanted, forget = bool(dialog.exec()), dialog.forget
        dialog.deleteLater()
        if not wanted:
            return
        package = self._bridge.draft.package

        def done(result: Compacted) -> None:
            words = self._texts.say(
                "ui.care.compacted",
                files=result.files,
                freed=in_units(result.freed),
                before=in_units(result.before),
                after=in_units(result.after),
            )
            self._later(lambda: tell(self._texts, words, self._owner.window()))

        def stopped(error: DgdeskError) -> None:
            self._later(lambda: tell(self._texts, self._texts.error(error), self._owner.window()))

        def job(progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> Compacted:
            try:
                return package.compact(keep_undo=not forget, progress=progress, cancelled=cancelled)
            except CancelledError as error:
                if error.code == "package.compact_cancelled":  # stopped, but something was done: that is told
                    raise DgdeskError(error.code) from error
                raise

        self._bridge.working.run(self._texts.say("ui.care.compacting"), job, done, stopped)

    # ----------------------------------------------------------------------------------------------------------------

    def _failed(self, error: DgdeskError) -> None:
        self._later(lambda: tell(self._texts, self._texts.error(error), self._owner.window(), "warning"))

    def _later(self, act: Callable[[], None]) -> None:
        """Say it once the work has let go: a dialog that waits inside would keep the next piece waiting too."""
        QTimer.singleShot(0, self, act)


def _folder_in(data: QMimeData) -> Path | None:
    """Return the folder that is dragged, if it is one alone."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].is_dir() else None
