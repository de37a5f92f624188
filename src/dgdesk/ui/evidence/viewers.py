"""The open viewers of a draft, one per slot, kept in step with the draft."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from dgdesk.draft.changes import Changes
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.highlights.geometry import Marks
from dgdesk.evidence.pages.spool import PREFIX
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.system.profile import Profile
from dgdesk.system.scratch import sweep, sweep_temporary
from dgdesk.ui.evidence.thumbnails import Thumbnails
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.latest import LatestWins
from dgdesk.ui.widgets.services import Services

if TYPE_CHECKING:  # imported shortly before the first viewer: the window must not wait for it
    from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer

_AFTER = 1500
"""Milliseconds after a draft was opened; by then its first page and its panels are filled."""
_BETWEEN = 30
_PARTS = ("worker", "page_area", "mark_area", "find_bar", "marks_panel", "viewer")


def viewer_folder(profile: Profile) -> Path:
    """Return the private folder for viewed files; it may not exist yet."""
    return profile.root / "viewing"


class Viewers(QObject):
    """The viewers of one draft; a child of the bridge."""

    def __init__(self, bridge: Bridge, services: Services) -> None:
        super().__init__(bridge)
        self._bridge, self._services = bridge, services
        self._viewers: dict[str, EvidenceViewer] = {}
        self._taking_back: str | None = None
        bridge.changed.connect(self._follow)
        bridge.failed.connect(self._show_stored)

    def open(self, slot: str, sha256: str, parent: QWidget) -> EvidenceViewer:
        """Show a file of a slot: in the slot's viewer if it is open, else in a new one."""
        from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer

        viewer = self.of(slot)
        if viewer is not None:
            if viewer.shown is None or viewer.shown.sha256 != sha256:
                viewer.show_file(sha256)
        else:
            bridge = self._bridge
            viewer = self._viewers[slot] = EvidenceViewer(
                self._services.texts,
                bridge.draft.package.read_file,
                self._stored(slot),
                viewer_folder(self._services.profile),
                start=sha256,
                read_only=bridge.read_only,
                undo=lambda: self._take_back(slot, bridge.undo),
                redo=lambda: self._take_back(slot, bridge.redo),
                origin=bridge.draft.path,
                documents=self._services.documents,
                parent=parent.window(),
            )
            viewer.marks_changed.connect(lambda sha, marks: self._save(slot, sha, marks))
            viewer.whole_said.connect(lambda sha, on: self._save_whole(slot, sha, on))
            viewer.closed.connect(lambda: self._forget(slot))
            _close_with(parent.window(), viewer)
            self._follow_steps(viewer)
        viewer.show()
        viewer.raise_()
        viewer.activateWindow()
        return viewer

    def of(self, slot: str) -> EvidenceViewer | None:
        """Return the open viewer of a slot."""
        viewer = self._viewers.get(slot)
        return viewer if viewer is not None and isValid(viewer) else None

    def flush(self) -> None:
        """Store unfinished input: a note being typed, a highlight moved by arrow keys."""
        for viewer in self._open():
            viewer.flush()

    def close_all(self) -> None:
        """Close every viewer, because the draft is being closed."""
        for viewer in self._open():
            viewer.close()

    def _open(self) -> list[EvidenceViewer]:
        return [viewer for viewer in self._viewers.values() if isValid(viewer)]

    def _stored(self, slot: str) -> tuple[Attachment, ...]:
        return self._bridge.state.facts.evidence.get(slot, ())

    def _save(self, slot: str, sha256: str, marks: Marks) -> None:
        if not self._bridge.mark(slot, sha256, marks=marks):
            self._show(slot)
        elif viewer := self.of(slot):
            for one in self._stored(slot):
                if one.sha256 == sha256 and one.marks and one.inspected is not None and one.inspected.signed:
                    viewer.note_state(self._services.texts.say("marking.unsigned", name=one.name))

    def _save_whole(self, slot: str, sha256: str, on: bool) -> None:
        if not self._bridge.mark(slot, sha256, whole=on):
            self._show(slot)

    def _take_back(self, slot: str, work: Callable[[], bool]) -> None:
        self._taking_back = slot
        try:
            work()
        finally:
            self._taking_back = None

    def _follow_steps(self, viewer: EvidenceViewer) -> None:
        """Enable undo and redo only if there is something to undo or redo; during a job nobody knows."""
        if not self._bridge.jobs.busy:
            package = self._bridge.draft.package
            viewer.mark_tools.undo.setEnabled(package.can_undo)
            viewer.mark_tools.redo.setEnabled(package.can_redo)

    def _follow(self, changes: Changes) -> None:
        for each in self._open():
            self._follow_steps(each)
        for slot in changes.evidence & self._viewers.keys():
            self._show(slot)
        back = self._taking_back
        viewer = self.of(back) if back is not None else None
        if viewer is not None and changes and back not in changes.evidence:
            viewer.note_state(self._services.texts.say("ui.viewing.elsewhere"))

    def _show_stored(self, words: str) -> None:
        for slot in list(self._viewers):
            self._show(slot)
        for viewer in self._open():
            viewer.note_state(words)

    def _show(self, slot: str) -> None:
        viewer = self.of(slot)
        if viewer is not None:
            viewer.set_attachments(self._stored(slot))

    def _forget(self, slot: str) -> None:
        viewer = self._viewers.pop(slot, None)
        if viewer is not None:
            viewer.deleteLater()


def viewers_of(bridge: Bridge, services: Services) -> Viewers:
    """Return the viewers of a draft."""
    return bridge.findChild(Viewers) or Viewers(bridge, services)


def open_viewer(bridge: Bridge, services: Services, slot: str, sha256: str, parent: QWidget) -> EvidenceViewer:
    """Show a file of a slot; an open viewer of this slot comes to the front.

    Raises:
        UsageError: ``evidence.not_there``.
    """
    return viewers_of(bridge, services).open(slot, sha256, parent)


def show_file(
    bridge: Bridge, services: Services, file: Attachment, parent: QWidget, *, hint: str | None = None
) -> EvidenceViewer:
    """Show a file of the draft without a slot; it cannot be highlighted. ``hint`` says why."""
    from dgdesk.ui.evidence.viewer.viewer import EvidenceViewer

    texts = services.texts
    viewer = EvidenceViewer(
        texts,
        bridge.draft.package.read_file,
        (file,),
        viewer_folder(services.profile),
        read_only=True,
        hint=hint or texts.say("ui.library.only_look"),
        origin=bridge.draft.path,
        documents=services.documents,
        parent=parent.window(),
    )
    viewer.closed.connect(viewer.deleteLater)
    _close_with(parent.window(), viewer)
    viewer.show()
    return viewer


def _close_with(owner: QWidget, viewer: EvidenceViewer) -> None:
    if isinstance(owner, QDialog):
        owner.finished.connect(viewer.close)


def prepare_soon(bridge: Bridge, services: Services) -> None:
    """A moment after a draft was opened, load what the first viewer needs, and remove what killed processes left."""
    folder = viewer_folder(services.profile)
    QTimer.singleShot(_AFTER, bridge, lambda: _prepare(bridge, services.documents, folder, _PARTS))


def _prepare(bridge: Bridge, documents: Documents, folder: Path, parts: tuple[str, ...]) -> None:
    """Import one part, then the next: widget classes may only be created in the GUI thread."""
    if parts:
        importlib.import_module(f"dgdesk.ui.evidence.viewer.{parts[0]}")
        QTimer.singleShot(_BETWEEN, bridge, lambda: _prepare(bridge, documents, folder, parts[1:]))
        return
    documents.prepare()
    draft = bridge.draft.path
    LatestWins("dgdesk sweep", bridge).request(lambda _: _sweep(folder, draft))


def _sweep(viewing: Path, draft: Path) -> None:
    """Remove what killed processes left: copies for viewing, pictures, open bundles. Runs in a thread."""
    from dgdesk.submission.encrypted import sweep_encryption  # with all that signs, for which no window waits

    sweep(viewing, PREFIX)
    sweep_temporary()
    sweep_encryption(draft)


def flush_viewers(bridge: Bridge) -> None:
    """Store unfinished input in the viewers of a draft."""
    for viewing in bridge.findChildren(Viewers):
        viewing.flush()


def close_viewers(bridge: Bridge) -> None:
    """Close the viewers of a draft that is being closed, and make no more thumbnails."""
    for viewing in bridge.findChildren(Viewers):
        viewing.close_all()
    for thumbnails in bridge.findChildren(Thumbnails):
        thumbnails.stop()
