"""Window, standing: where a person stands at work, taken over when the same draft is built anew in another look."""

from __future__ import annotations

from dataclasses import dataclass

from dgdesk.ui.evidence.viewers import close_viewers
from dgdesk.ui.workspace import Workspace


@dataclass(frozen=True)
class Standing:
    """The page, the tab beside it, the widths of the panels and the size of the overview's window, in pixels."""

    page: str
    tab: int
    widths: tuple[int, ...]
    side: bool | None
    overview: bool
    overview_size: tuple[int, int]


def leave(workspace: Workspace) -> Standing:
    """Close what belongs to a workspace that will be replaced; what was typed must have been saved."""
    overview = workspace.overview
    found = Standing(
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


def take_up(workspace: Workspace, standing: Standing) -> None:
    """Bring the new workspace to where the old one was."""
    workspace.overview.begin_with(standing.overview_size)
    if all(standing.widths):
        workspace.splitter.setSizes(list(standing.widths))
    if standing.side is not None:
        workspace.show_side(standing.side)
    workspace.side.setCurrentIndex(standing.tab)
    workspace.open_page(standing.page)
    if standing.overview:
        workspace.overview.show()
