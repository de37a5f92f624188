"""Everything that is printed on the form is shown in the window: compared with the list of its texts."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from dgdesk.survey.definition.texts import texts_of
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.indicator_table import IndicatorDialog
from dgdesk.ui.shell.workspace import Workspace


def words_of(root: QWidget) -> str:
    labels = [label.accessibleName() or label.text() for label in root.findChildren(QLabel)]
    buttons = [button.accessibleName() for button in root.findChildren(QAbstractButton)]
    boxes = [box.accessibleDescription() for box in root.findChildren(QLineEdit)]
    return "\n".join((*labels, *buttons, *boxes))


def test_every_printed_text_is_shown_somewhere(desk: MainController, full_draft: Path, tmp_path: Path) -> None:
    mine = tmp_path / "a.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    workspace = desk.workspace
    assert workspace is not None
    form = workspace.bridge.form
    indicators = IndicatorDialog(form.definition.indicators, desk.texts, desk.window)
    shown = words_of(indicators)
    for page in form.pages:
        workspace.open_page(page)
        workspace.page_view.finish()
        shown += words_of(workspace.page_view)
        # what the full form does not choose is opened here
        for node in (form.nodes[at] for at in form.page_nodes[page]):
            if node.kind == "single" and node.address != "general.province":
                before = workspace.bridge.value(node.address)
                for option in node.field.options:
                    if option.fields or option.evidence:
                        workspace.bridge.answer(node.address, option.id)
                        choose_inside(workspace, node.address)
                        workspace.page_view.finish()
                        shown += words_of(workspace.page_view)
                workspace.bridge.answer(node.address, before)
    provinces = {option.label for option in form.node("general.province").field.options}
    flat = "".join(shown.split())
    missing = [
        text
        for text in texts_of(form.definition)
        if text not in provinces and not all("".join(part.split()) in flat for part in pieces(text))
    ]
    assert missing == []
    indicators.deleteLater()


def choose_inside(workspace: Workspace, address: str) -> None:
    """Choose every option of the questions with several answers that have just been opened."""
    form, state = workspace.bridge.form, workspace.bridge.state
    first = form.position[address]
    for at in range(first + 1, form.nodes[first].end):
        node = form.nodes[at]
        if node.kind == "multiple" and state.shown[at]:
            workspace.bridge.answer(node.address, list(node.options))


def pieces(text: str) -> list[str]:
    """A code, its label and its hint stand in widgets of their own; compare word by word between spaces."""
    return text.split()
