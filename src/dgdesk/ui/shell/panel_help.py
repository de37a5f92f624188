"""Names, descriptions and explanations of the panels, for screen readers and Shift+F1."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.choice import describe
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.plain import set_what, show_what, show_words


def describe_panels(workspace: Workspace, texts: Texts) -> None:
    """Give every panel of the workspace its accessible name and a description of its keys."""
    say = texts.say
    tabs = workspace.side.tabBar()
    tabs.setAccessibleName(say("ui.about.side_name"))
    workspace.page_view.setAccessibleName(say("ui.about.page"))
    workspace.bar.setAccessibleName(say("ui.about.bar"))
    workspace.top.setAccessibleName(say("ui.about.top"))
    for widget, code in (
        (workspace.outline, "ui.about.outline"),
        (workspace.page_view, "ui.about.page_text"),
        (tabs, "ui.about.side"),
        (workspace.problems.tree, "ui.about.list"),
        (workspace.evidence.tree, "ui.about.list"),
    ):
        describe(widget, say(code))


def explain_panels(workspace: Workspace, texts: Texts) -> None:
    """Give every panel of the workspace its explanation."""
    for panel, code in (
        (workspace.outline, "ui.what.outline"),
        (workspace.page_view, "ui.what.page"),
        (workspace.score, "ui.what.score"),
        (workspace.problems, "ui.what.problems"),
        (workspace.next, "ui.what.next"),
        (workspace.evidence, "ui.what.evidence"),
        (workspace.side, "ui.what.side"),
        (workspace.bar, "ui.what.bar"),
        (workspace.top, "ui.what.top"),
    ):
        set_what(panel, texts, texts.say(code, meaning=texts.say("score.meaning")))


def explain_here(window: QWidget, texts: Texts) -> None:
    """Show the explanation of the focused panel; if there is none, say how to get one."""
    at: QWidget | None = QApplication.focusWidget()
    while at is not None and not at.whatsThis() and not at.isWindow():
        at = at.parentWidget()
    here = at if at is not None and at.whatsThis() else window
    middle = here.mapToGlobal(here.rect().center())
    if here.whatsThis():
        show_what(middle, here)
    else:
        show_words(middle, texts, texts.say("ui.what.none"), here)
