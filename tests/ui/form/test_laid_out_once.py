"""A change lays a page out once: no other part of it is pressed together and drawn out again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.ui.form.field_view import FieldView
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import part, settle


class Resizes(QObject):
    """Notes how often widgets get another size."""

    def __init__(self, widgets: list[QWidget]) -> None:
        super().__init__()
        self.seen: list[str] = []
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.seen.append(watched.objectName())
        return False


def settled(workspace: Workspace) -> None:
    workspace.page_view.finish()
    for _ in range(3):
        settle(QApplication.instance())


def test_a_follow_up_that_opens_and_shuts_leaves_the_size_of_all_other_questions(workspace: Workspace) -> None:
    workspace.open_page(workspace.bridge.form.node("p1.4").page)
    settled(workspace)
    own = part(workspace, "p1.4")
    cards = [one for one in workspace.page_view.widget().findChildren(FieldView) if one.isVisible()]
    around = [one for one in cards if one is not own and not own.isAncestorOf(one) and not one.isAncestorOf(own)]
    resizes = Resizes(list(around))
    heights = [own.height()]
    for answer in ("yes", "no", "yes"):
        workspace.bridge.answer("p1.4", answer)
        heights.append(own.height())  # before anything that is posted
        settled(workspace)
        assert own.height() == heights[-1], "one step, not two"
    assert around and resizes.seen == []
    assert heights[1] == heights[3] > heights[2]


def test_a_page_is_opened_at_a_long_table_without_all_its_rows(workspace: Workspace) -> None:
    """The question that gets the focus may be a table pages long: the rows below the view come later."""
    form = workspace.bridge.form
    table = max((one for one in form.nodes if one.kind == "matrix"), key=lambda one: len(one.field.rows))

    def rows() -> int:
        at = {node.address for node in form.nodes[form.position[table.address] : table.end] if node.kind == "row"}
        return len(at & workspace.page_view.parts.by_address.keys())

    workspace.open_page("general.page1")
    settled(workspace)
    workspace.open_page(table.page)
    workspace.page_view.go_to(table.address)
    at_once = rows()
    settled(workspace)
    assert 0 < at_once < rows() == len(table.field.rows)
