"""Window, access: names and descriptions of the panels, for those who listen to the window instead of seeing it."""

from __future__ import annotations

from dgdesk.ui.widgets.choice import describe
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.workspace import Workspace


def describe_panels(workspace: Workspace, texts: Texts) -> None:
    """Say of every panel of a draft at work what it is, where its look says it, and how keys work in it."""
    say = texts.say
    tabs = workspace.side.tabBar()
    tabs.setAccessibleName(say("ui.about.side_name"))
    workspace.page_view.setAccessibleName(say("ui.about.page"))
    workspace.bar.setAccessibleName(say("ui.about.bar"))
    for widget, code in (
        (workspace.outline, "ui.about.outline"),
        (workspace.page_view, "ui.about.page_text"),
        (tabs, "ui.about.side"),
        (workspace.problems.tree, "ui.about.list"),
        (workspace.evidence.tree, "ui.about.list"),
    ):
        describe(widget, say(code))
