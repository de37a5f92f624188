"""Thumbnails come by and by, and whatever happens to a file or its row meanwhile, the window goes on."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft
from dgdesk.evidence.documents import Documents
from dgdesk.ui.evidence import thumbnails
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.evidence.thumbnails import LARGEST, Thumbnails, first_page, thumbnails_of
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from ui.attach import file, finish, png
from ui.hands import click, editor, settle

_LONG = 20_000


class Row(QObject):
    """Takes a thumbnail."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[QImage] = []

    def show_picture(self, picture: QImage) -> None:
        self.pictures.append(picture)


@pytest.fixture
def place(workspace: Workspace) -> EvidenceSlot:
    click(editor(workspace, "g1").buttons["yes"])
    found = workspace.page_view.parts.places["g1/yes"]
    assert isinstance(found, EvidenceSlot)
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were opened for a thumbnail."""
    found: list[Path] = []

    def opened(
        documents: Documents, path: Path, media_type: str, side: int, cancelled: Callable[[], bool]
    ) -> QImage | None:
        found.append(path)
        return first_page(documents, path, media_type, side, cancelled)

    monkeypatch.setattr(thumbnails, "first_page", opened)
    return found


def test_documents_and_pictures_get_a_thumbnail_and_a_text_its_kind(
    place: EvidenceSlot, tmp_path: Path, qtbot: QtBot
) -> None:
    place.attach(file(tmp_path, "a.pdf"), file(tmp_path, "ข.png", png()), file(tmp_path, "c.txt", b"c"))
    finish(place)
    pdf, picture, text = place.files.rows.values()
    assert not pdf.face.has_picture
    qtbot.waitUntil(lambda: pdf.face.has_picture and picture.face.has_picture, timeout=_LONG)
    assert not text.face.has_picture


def test_a_thumbnail_is_made_once_for_all_rows(
    place: EvidenceSlot, workspace: Workspace, tmp_path: Path, qtbot: QtBot, asked: list[Path]
) -> None:
    place.attach(file(tmp_path, "a.pdf"))
    finish(place)
    (row,) = place.files.rows.values()
    qtbot.waitUntil(lambda: row.face.has_picture, timeout=_LONG)
    workspace.page_view.show_page(workspace.page)
    workspace.page_view.finish()
    found = workspace.page_view.parts.places["g1/yes"]
    assert isinstance(found, EvidenceSlot)
    assert next(iter(found.files.rows.values())).face.has_picture and len(asked) == 1


def test_a_file_that_cannot_be_shown_keeps_its_kind_and_is_not_tried_again(
    workspace: Workspace, draft: Draft, tmp_path: Path, qtbot: QtBot, asked: list[Path]
) -> None:
    broken, sound = file(tmp_path, "เสีย.pdf", b"%PDF-1.7 broken"), file(tmp_path, "ดี.pdf")
    made = thumbnails_of(workspace.bridge, workspace.services)
    rows = Row(), Row()
    for source, row in zip((broken, sound), rows, strict=True):
        draft.session.attach("g1/yes", source)
        made.want(draft.session.state.facts.evidence["g1/yes"][-1], row)
    qtbot.waitUntil(lambda: bool(rows[1].pictures), timeout=_LONG)
    assert not rows[0].pictures and len(asked) == 2
    again = Row()
    made.want(draft.session.state.facts.evidence["g1/yes"][0], again)
    made.want(draft.session.state.facts.evidence["g1/yes"][1], again)
    assert len(again.pictures) == 1 and len(asked) == 2


def test_a_large_file_and_one_whose_row_is_gone_are_not_read(
    workspace: Workspace, draft: Draft, tmp_path: Path, qtbot: QtBot, asked: list[Path]
) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        draft.session.attach("g1/yes", file(tmp_path, name))
    first, second, third = draft.session.state.facts.evidence["g1/yes"]
    made = thumbnails_of(workspace.bridge, workspace.services)
    gone, row = Row(), Row()
    made.want(replace(first, size=LARGEST + 1), row)
    made.want(second, gone)
    made.want(third, row)
    gone.deleteLater()
    settle(QApplication.instance())
    qtbot.waitUntil(lambda: bool(row.pictures), timeout=_LONG)
    assert len(asked) == 1


def test_a_row_that_was_left_before_its_thumbnail_was_made_is_not_kept(
    workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    draft.session.attach("g1/yes", file(tmp_path, "a.pdf"))
    row = Row()
    thumbnails_of(workspace.bridge, workspace.services).want(draft.session.state.facts.evidence["g1/yes"][0], row)
    held = weakref.ref(row)
    del row
    assert held() is None


def test_a_draft_closed_in_the_middle_leaves_nothing_behind(
    desk: MainController, place: EvidenceSlot, workspace: Workspace, tmp_path: Path, qtbot: QtBot, asked: list[Path]
) -> None:
    place.attach(*(file(tmp_path, f"{number}.pdf") for number in range(4)))
    finish(place)
    made = workspace.bridge.findChild(Thumbnails)
    assert made is not None
    qtbot.waitUntil(lambda: bool(asked), timeout=_LONG)
    before = len(asked)
    desk.close_draft()
    settle(QApplication.instance())
    qtbot.wait(300)
    assert len(asked) <= before + 1, "the one that was under way is the last"
