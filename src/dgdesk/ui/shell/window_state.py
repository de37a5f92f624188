"""Remembers sizes, page and draft between two starts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMainWindow

from dgdesk.draft.drafts import Draft
from dgdesk.draft.recent import describe, page_place
from dgdesk.errors import DgdeskError
from dgdesk.submission.journey import with_journey
from dgdesk.system.settings import Recent, Settings, SettingsFile
from dgdesk.ui.shell.panels import whole_sizes
from dgdesk.ui.shell.place import return_to_spot, spot_to_keep
from dgdesk.ui.shell.workspace import Workspace

_MAIN, _OVERVIEW = "panels", "overview"
_OLD_MAIN = "main"
"""The widths that version 0.1.0 kept, which left the form too little: they are not used, and go with the next write."""


class WindowMemory:
    """Writes the state of window and draft to the settings. Write errors are ignored."""

    def __init__(self, window: QMainWindow, settings: SettingsFile) -> None:
        self._window, self._settings = window, settings

    def begin(self, draft: Draft, workspace: Workspace) -> None:
        """Show the place where a draft was left, and remember every page from now on."""
        path = str(draft.path)
        known = self._settings.now.recent(path) or Recent(path)
        if known.page in workspace.bridge.form.pages and known.page != workspace.page:
            workspace.open_page(known.page)
        place = page_place(workspace.bridge.form, workspace.page)
        known = replace(known, page=workspace.page, place=place)
        self._lay_panels(workspace)
        workspace.overview.begin_with(self._settings.now.splitters.get(_OVERVIEW, ()))
        if not return_to_spot(workspace, known):
            workspace.enter()
        self._settings.change(replace(self._settings.now.with_recent(known), open_draft=path))
        workspace.page_opened.connect(
            # after the page is painted, since writing may be slow
            lambda page: QTimer.singleShot(
                0, workspace, lambda: self._keep_page(path, page, page_place(workspace.bridge.form, page))
            )
        )

    def end(self, draft: Draft, workspace: Workspace | None, *, closed: bool) -> None:
        """Remember a draft before it is closed; ``closed``: by the user, so the next start does not offer it first."""
        now = self._settings.now
        path = str(draft.path)
        known = now.recent(path)
        if known is not None:
            if workspace is not None:
                known = spot_to_keep(workspace, known)
            with suppress(DgdeskError):  # the file is gone: keep what was known
                known = with_journey(draft, describe(draft, known))
            now = now.with_recent(known, first=False)
        if closed:
            now = replace(now, open_draft="")
        self._settings.change(self._with_sizes(now, workspace))

    def end_without_draft(self) -> None:
        """Remember the window before it is closed on the start page."""
        self._settings.change(self._with_sizes(self._settings.now, None))

    def _lay_panels(self, workspace: Workspace) -> None:
        now = self._settings.now
        sizes = now.splitters.get(_MAIN, ())
        # before its first layout a splitter would take sizes as shares
        for each in (self._window, workspace):
            layout = each.layout()
            if layout is not None:
                layout.activate()
        if now.side is not None:
            workspace.show_side(now.side)
        if len(sizes) == workspace.splitter.count() and all(sizes):
            workspace.splitter.size_panels(sizes[0], sizes[-1])

    def _keep_page(self, path: str, page: str, place: str) -> None:
        now = self._settings.now
        known = now.recent(path)
        if known is not None and known.page != page:
            self._settings.change(now.with_recent(replace(known, page=page, place=place), first=False))

    def _with_sizes(self, now: Settings, workspace: Workspace | None) -> Settings:
        window = self._window
        if not window.isMaximized():
            place = window.geometry()
            now = replace(now, window=(place.width(), place.height()), corner=(place.x(), place.y()))
        if workspace is not None:
            known = now.splitters.get(_MAIN, ())
            sizes = whole_sizes(workspace.splitter.sizes(), known)
            kept = {name: each for name, each in now.splitters.items() if name != _OLD_MAIN}
            now = replace(now, splitters={**kept, _MAIN: sizes} if sizes else kept)
            if all(workspace.overview.size):
                now = replace(now, splitters={**now.splitters, _OVERVIEW: workspace.overview.size})
            now = replace(now, side=workspace.splitter.side_wanted)
        return replace(now, maximised=window.isMaximized())
