"""Turning pages leaves nothing behind: what Python holds of a page goes with it."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidgetItem

from dgdesk.ui.form.field_view import FieldView
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import settle


def items_held() -> int:
    gc.collect()
    return sum(type(one) is QWidgetItem for one in gc.get_objects())


def test_pages_that_were_left_hold_no_items_of_layouts(workspace: Workspace) -> None:
    pages = list(workspace.bridge.form.pages)[:6]
    held = []
    for _ in range(5):
        for page in pages:
            workspace.open_page(page)
            settle(QApplication.instance())
        workspace.open_page(pages[0])
        settle(QApplication.instance())
        held.append(items_held())
    # A leak grows with every round; some may stand for a moment, until the next page is built.
    assert min(held[3:]) <= max(held[:2]), held


def test_pages_that_were_turned_faster_than_their_thumbnails_come_are_not_kept(
    desk: MainController, full_draft: Path, path: Path
) -> None:
    shutil.copy(full_draft, path)
    desk.open(path)
    workspace = desk.workspace
    assert workspace is not None
    for page in workspace.bridge.form.pages:
        workspace.open_page(page)
        settle(QApplication.instance())
    gc.collect()
    here = len(workspace.page_view.widget().findChildren(FieldView))
    held = sum(type(one) is FieldView for one in gc.get_objects())
    # Every page has files here. The page before may stand for a moment.
    assert held <= here + 80, (held, here)
