"""Remembers where a person is in the window before its content is built again, and returns there afterwards.

A new theme, language or size of text builds the workspace again; a draft is closed and opened again. Page or review,
place on the page (`dgdesk.ui.form.place`), focus, panels and tabs are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTreeView, QWidget

from dgdesk.system.settings import Recent
from dgdesk.ui.evidence.viewers import close_viewers
from dgdesk.ui.form.place import PagePlace, Spot, caret_of, put_caret
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.keyboard import stops


@dataclass(frozen=True, slots=True)
class Beside:
    """The focus in a part of the window that is no form page: its ``number``-th stop, and the caret in it."""

    part: int
    number: int
    caret: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """The place on the review page: filter, current line as numbers of rows, scroll values in pixels."""

    kind: int
    words: str
    line: tuple[int, ...]
    list_scrolled: int
    scrolled: int


@dataclass(frozen=True)
class ViewState:
    """Everything that is kept; sizes in pixels. ``beside`` is None while the focus is on the form page."""

    page: str
    place: PagePlace
    review: ReviewPlace | None
    beside: Beside | None
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
        workspace.page_view.place.place(),
        _review_place(workspace) if workspace.on_review else None,
        _beside(workspace),
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
    workspace.page_view.folds.update(view.place.folds)
    workspace.open_page(view.page)
    workspace.page_view.restore(view.place, focus=view.beside is None and view.review is None)
    if view.review is not None and workspace.open_review():
        _return_to_review(workspace, view.review)
    if view.beside is not None:
        _focus_beside(workspace, view.beside)
    if view.overview:
        workspace.overview.show()


def spot_to_keep(workspace: Workspace, known: Recent) -> Recent:
    """Return what is known of a draft with the place it is left at."""
    place = workspace.page_view.place.place()
    view, focus = place.view, place.focus
    spot = focus or view
    if spot is None or len(spot.address) + len(spot.slot) > _LONGEST:
        return replace(known, page=workspace.page, field="", slot="", number=-1, top=0, scrolled=place.scrolled)
    return replace(
        known,
        page=workspace.page,
        field=spot.address,
        slot=spot.slot,
        number=spot.number,
        top=spot.top,
        scrolled=place.scrolled,
    )


def return_to_spot(workspace: Workspace, known: Recent) -> bool:
    """Go to the place where a draft was left, on the page that is shown; False if it is not known, or not there now."""
    form = workspace.bridge.form
    if known.field not in form.position or form.node(known.field).page != workspace.page:
        return False
    if known.slot and known.slot not in form.slots:
        return False
    spot = Spot(known.field, known.slot, known.number, known.top)
    return workspace.page_view.restore(PagePlace(known.scrolled, spot, spot))


_LONGEST = 200
"""Letters of an address that the settings keep."""


def _regions(workspace: Workspace) -> tuple[QWidget, ...]:
    outline = workspace.splitter.widget(0)
    assert outline is not None
    return outline, workspace.review_page, workspace.bar, workspace.side


def _beside(workspace: Workspace) -> Beside | None:
    focus: QWidget | None = workspace.window().focusWidget()
    for part, region in enumerate(_regions(workspace)):
        if focus is not None and region.isAncestorOf(focus):
            found = list(stops(region))
            return Beside(part, found.index(focus) if focus in found else 0, caret_of(focus))
    return None


def _focus_beside(workspace: Workspace, beside: Beside) -> None:
    region = _regions(workspace)[beside.part]
    found = list(stops(region))
    exact = found[beside.number : beside.number + 1]
    target = next((one for one in (*exact, *found) if one.isVisibleTo(workspace) and one.isEnabled()), None)
    if target is not None:
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        put_caret(target, beside.caret)


def _review_place(workspace: Workspace) -> ReviewPlace:
    page, problems = workspace.review_page, workspace.review_page.list
    return ReviewPlace(
        problems.kind.currentIndex(),
        problems.box.text(),
        _rows(problems.tree.currentIndex()),
        problems.tree.verticalScrollBar().value(),
        page.area.verticalScrollBar().value(),
    )


def _return_to_review(workspace: Workspace, place: ReviewPlace) -> None:
    page, problems = workspace.review_page, workspace.review_page.list
    problems.kind.setCurrentIndex(place.kind)
    problems.box.setText(place.words)
    index = _index(problems.tree, place.line)
    if index.isValid():
        problems.tree.setCurrentIndex(index)
    for bar, value in (
        (problems.tree.verticalScrollBar(), place.list_scrolled),
        (page.area.verticalScrollBar(), place.scrolled),
    ):
        bar.setValue(value)


def _rows(index: QModelIndex) -> tuple[int, ...]:
    """Return the numbers of the rows from the top of a tree to a line."""
    return (*_rows(index.parent()), index.row()) if index.isValid() else ()


def _index(tree: QTreeView, rows: tuple[int, ...]) -> QModelIndex:
    found = QModelIndex()
    for row in rows:
        found = tree.model().index(row, 0, found)
    return found
