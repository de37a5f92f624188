"""Window, explain: "what is this" for every panel: on Shift+F1 for the part with the focus, or by pointing at one."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.plain import set_what, show_what, show_words
from dgdesk.ui.workspace import Workspace


def explain_panels(workspace: Workspace, texts: Texts) -> None:
    """Give every panel of a draft at work its explanation."""
    for panel, code in (
        (workspace.outline, "ui.what.outline"),
        (workspace.page_view, "ui.what.page"),
        (workspace.score, "ui.what.score"),
        (workspace.problems, "ui.what.problems"),
        (workspace.next, "ui.what.next"),
        (workspace.evidence, "ui.what.evidence"),
        (workspace.side, "ui.what.side"),
        (workspace.bar, "ui.what.bar"),
    ):
        set_what(panel, texts, texts.say(code))


def explain_here(window: QWidget, texts: Texts) -> None:
    """Explain the part that has the focus; without one, say how to ask."""
    at: QWidget | None = QApplication.focusWidget()
    while at is not None and not at.whatsThis() and not at.isWindow():
        at = at.parentWidget()
    here = at if at is not None and at.whatsThis() else window
    middle = here.mapToGlobal(here.rect().center())
    if here.whatsThis():
        show_what(middle, here)
    else:
        show_words(middle, texts, texts.say("ui.what.none"), here)
