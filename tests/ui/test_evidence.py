"""Evidence is attached through a dialog, marked, and taken away."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from dgdesk.drafts import Draft
from dgdesk.ui.evidence_place import EvidencePlace
from dgdesk.ui.workspace import Workspace
from ui.hands import click, editor, settle, type_text


@pytest.fixture
def place(workspace: Workspace) -> EvidencePlace:
    """The place for evidence of "G1: there is one"."""
    click(editor(workspace, "g1").buttons["yes"])
    found = workspace.page_view.parts.places["g1/yes"]
    assert isinstance(found, EvidencePlace)
    return found


def choose(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(path) for path in paths], ""))


def attached(draft: Draft, slot: str = "g1/yes") -> list[str]:
    return [one.name for one in draft.session.state.facts.evidence.get(slot, ())]


def test_files_are_attached_shown_marked_and_taken_away(
    place: EvidencePlace, draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    order = tmp_path / "คำสั่งแต่งตั้ง PCIO.pdf"
    order.write_bytes(b"%PDF-1.7 order")
    photo = tmp_path / "ภาพประชุม.jpg"
    photo.write_bytes(b"\xff\xd8\xff photo")
    choose(monkeypatch, order, photo)
    click(place.button)
    assert attached(draft) == ["คำสั่งแต่งตั้ง PCIO.pdf", "ภาพประชุม.jpg"]
    row = next(iter(place._rows.values()))
    assert row.isVisible() and "คำสั่งแต่งตั้ง PCIO.pdf (14\u00a0B)" in row._name.plain_text()
    type_text(row.pages, "3")
    type_text(row.passages, "ข้อ ๒")
    assert workspace.flush()
    first = draft.session.state.facts.evidence["g1/yes"][0]
    assert (first.pages, first.passages) == ("3", "ข้อ ๒")
    click(row.remove)
    assert attached(draft) == ["ภาพประชุม.jpg"]
    workspace.undo()
    assert len(place._rows) == 2
    settle(QApplication.instance())


def test_a_file_that_is_there_already_is_refused_in_words(
    place: EvidencePlace, draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("dgdesk.ui.evidence_place.tell", lambda texts, message, *_: said.append(message))
    order = tmp_path / "order.pdf"
    order.write_bytes(b"%PDF-1.7 order")
    choose(monkeypatch, order, order)
    click(place.button)
    choose(monkeypatch, tmp_path / "gone.pdf")
    click(place.button)
    assert attached(draft) == ["order.pdf"]
    assert "แนบไว้ที่ข้อนี้อยู่แล้ว" in said[0] and "gone.pdf" in said[1]


def test_a_long_copy_shows_its_progress_and_can_be_stopped(
    place: EvidencePlace, draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog is real: it is closed as soon as it comes up, and the copy stops."""
    import threading

    from dgdesk.package.model import CancelledError
    from dgdesk.ui import background

    monkeypatch.setattr(background, "_AT_ONCE", 0)
    asked = threading.Event()

    def copy_slowly(progress, cancelled):
        progress(1, 10)
        while not cancelled():
            asked.wait(0.01)
        raise CancelledError("package.cancelled")

    shown: list[bool] = []
    monkeypatch.setattr(place._parts.bridge, "attaching", lambda slot, source: copy_slowly)
    monkeypatch.setattr(
        background._Progress, "showEvent", lambda self, event: (shown.append(True), self.reject())[0], raising=False
    )
    assert not place.attach(tmp_path / "large.pdf")
    assert shown and attached(draft) == []


def test_the_place_goes_with_its_option_and_the_file_is_kept(
    place: EvidencePlace, draft: Draft, tmp_path: Path, workspace: Workspace
) -> None:
    order = tmp_path / "order.pdf"
    order.write_bytes(b"%PDF-1.7 order")
    assert place.attach(order)
    click(editor(workspace, "g1").buttons["no"])
    assert not place.isVisible() and attached(draft) == ["order.pdf"]
    click(editor(workspace, "g1").buttons["yes"])
    assert place.isVisible() and len(place._rows) == 1
