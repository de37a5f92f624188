"""Remembers sizes, page and draft: between two starts, and when the workspace is rebuilt."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMainWindow

from dgdesk.draft.drafts import Draft
from dgdesk.draft.recent import describe, page_place
from dgdesk.errors import DgdeskError
from dgdesk.submission.journey import with_journey
from dgdesk.system.settings import Recent, Settings, SettingsFile
from dgdesk.ui.evidence.viewers import close_viewers
from dgdesk.ui.shell.panels import whole_sizes
from dgdesk.ui.shell.workspace import Workspace


@dataclass(frozen=True)
class ViewState:
    """Page, side tab, panel widths and size of the overview's window; sizes in pixels."""

    page: str
    tab: int
    widths: tuple[int, ...]
    side: bool | None
    overview: bool
    overview_size: tuple[int, int]


def capture_view(workspace: Workspace) -> ViewState:
    """Return the view of a workspace that will be replaced, and close its windows; input must be saved before."""
    overview = workspace.overview
    found = ViewState(
        workspace.page,
        workspace.side.currentIndex(),
        tuple(workspace.splitter.sizes()),
        workspace.splitter.side_wanted,
        overview.window is not None and overview.window.isVisible(),
        overview.size,
    )
    close_viewers(workspace.bridge)
    overview.close()
    workspace.page_view.parts.drop()
    return found


def restore_view(workspace: Workspace, view: ViewState) -> None:
    """Apply the view of the old workspace to the new one."""
    workspace.overview.begin_with(view.overview_size)
    if all(view.widths):
        workspace.splitter.setSizes(list(view.widths))
    if view.side is not None:
        workspace.show_side(view.side)
    workspace.side.setCurrentIndex(view.tab)
    workspace.open_page(view.page)
    if view.overview:
        workspace.overview.show()


_MAIN, _OVERVIEW = "main", "overview"


class WindowMemory:
    """Writes the state of window and draft to the settings. Write errors are ignored."""

    def __init__(self, window: QMainWindow, settings: SettingsFile) -> None:
        self._window, self._settings = window, settings

    def begin(self, draft: Draft, workspace: Workspace) -> None:
        """Show the page where a draft was left, and remember every page from now on."""
        path = str(draft.path)
        known = self._settings.now.recent(path) or Recent(path)
        if known.page in workspace.bridge.form.pages and known.page != workspace.page:
            workspace.open_page(known.page)
        place = page_place(workspace.bridge.form, workspace.page)
        known = replace(known, page=workspace.page, place=place)
        self._lay_panels(workspace)
        workspace.overview.begin_with(self._settings.now.splitters.get(_OVERVIEW, ()))
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
                known = replace(known, page=workspace.page)
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
            if sizes:
                now = replace(now, splitters={**now.splitters, _MAIN: sizes})
            if all(workspace.overview.size):
                now = replace(now, splitters={**now.splitters, _OVERVIEW: workspace.overview.size})
            now = replace(now, side=workspace.splitter.side_wanted)
        return replace(now, maximised=window.isMaximized())
