"""Keeps the menus, the bar at the top and the window's title in step with the draft that is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from dgdesk.draft.drafts import Draft
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.menus import AT_REST, Menus
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.label import Texts


@dataclass(frozen=True, slots=True)
class _Seen:
    """The title, and what decides which actions can be used."""

    title: str
    is_open: bool = False
    can_change: bool = False
    undo: bool = False
    redo: bool = False
    busy: bool = False


class DraftFollower(QObject):
    """Enables the actions that can be used now. Most changes of a draft alter none of them, and then cost little."""

    def __init__(self, window: MainWindow, menus: Menus, texts: Callable[[], Texts], parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._menus, self._texts = window, menus, texts
        self._workspace: Workspace | None = None
        self._draft: Draft | None = None
        self._seen: _Seen | None = None

    def begin(self, workspace: Workspace | None, draft: Draft | None) -> None:
        """Follow another draft, or none; also after the menus or the window's content were replaced."""
        self._workspace, self._draft, self._seen = workspace, draft, None
        if workspace is not None:
            bridge = workspace.bridge
            for signal in (bridge.changed, bridge.pending, bridge.saved, bridge.jobs.started, bridge.jobs.ended):
                signal.connect(self.follow)
        self.follow()

    def follow(self, *_: object) -> None:
        """Show what can be done now."""
        seen = self._read()
        if seen != self._seen:
            self._seen = seen
            self._show(seen)

    def _read(self) -> _Seen:
        workspace, say = self._workspace, self._texts().say
        title = say("ui.program")
        if (draft := self._draft) is not None:
            name = " – ".join(part for part in (draft.respondent_name, draft.path.name) if part)
            suffix = f" ({say('ui.read_only_short')})" if draft.package.read_only else ""
            title = f"{name}{suffix} – {title}"
        if workspace is None:
            return _Seen(title)
        may, bridge = workspace.undoing.may, workspace.bridge
        return _Seen(title, True, not bridge.read_only, may("undo"), may("redo"), bridge.jobs.busy)

    def _show(self, seen: _Seen) -> None:
        actions = self._menus.actions
        self._menus.follow(is_open=seen.is_open, can_change=seen.can_change)
        if self._workspace is not None:
            actions["undo"].setEnabled(seen.undo)
            actions["redo"].setEnabled(seen.redo)
            if seen.busy:
                for name in AT_REST:
                    actions[name].setEnabled(False)
            self._workspace.top.follow(actions)
        self._window.setWindowTitle(seen.title)
