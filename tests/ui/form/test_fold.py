"""A page is built from the top: what lies further down comes a moment later, or at once when somebody goes there."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.form.fold import Fold
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import editor, settle

LONG = "p2.page7"
FAR_DOWN = "p2.3.1.3.sets.use#5"


@pytest.fixture
def full(desk: MainController, full_draft: Path, tmp_path: Path) -> Workspace:
    """A full form at work in the window."""
    desk.open(Path(copy(full_draft, tmp_path / "full.dgdesk")))
    assert desk.workspace is not None
    return desk.workspace


def built(workspace: Workspace) -> set[str]:
    return set(workspace.page_view.parts.by_address)


def test_a_long_page_stands_in_part_at_first_and_whole_a_moment_later(full: Workspace, qtbot: QtBot) -> None:
    full.open_page(LONG)
    top = built(full)
    assert "p2.3.1.2" in top and FAR_DOWN not in top
    said: list[bool] = []
    full.page_view.whole.connect(lambda: said.append(True))
    qtbot.waitUntil(lambda: bool(said))
    assert top < built(full) and FAR_DOWN in built(full)
    assert not full.page_view.parts.fold.waits


def test_in_steps_or_at_once_it_is_the_same_page_in_the_same_order(full: Workspace, qtbot: QtBot) -> None:
    def texts() -> list[str]:
        settle(QApplication.instance())
        content = full.page_view.widget()
        found = [(one.mapTo(content, one.rect().topLeft()), one) for one in content.findChildren(QLabel)]
        shown = [(at.y(), at.x(), one.text()) for at, one in found if one.isVisibleTo(content)]
        return [text for _, _, text in sorted(shown)]

    for page in (LONG, "p3.page1", "p7.page4"):
        full.open_page(page)
        full.page_view.finish()
        at_once = texts()
        full.open_page("g.page1")
        full.open_page(page)
        said: list[bool] = []
        full.page_view.whole.connect(lambda said=said: said.append(True))
        qtbot.waitUntil(lambda said=said: bool(said))
        assert texts() == at_once


def test_a_place_for_evidence_in_view_stands_at_first_and_those_further_down_a_moment_later(full: Workspace) -> None:
    some = False
    for page in ("p1.page1", "p4.page4"):
        full.open_page(page)
        at_first = list(full.page_view.parts.places)
        full.page_view.finish()
        settle(QApplication.instance())
        whole = list(full.page_view.parts.places)
        assert len(at_first) < len(whole) and whole[: len(at_first)] == at_first
        room = full.page_view.viewport().height()
        tops = {slot: place.mapTo(full.page_view.widget(), place.rect().topLeft()).y() for slot, place in places(full)}
        assert {slot for slot, top in tops.items() if top < room} <= set(at_first), (
            "nothing in view is missing at first"
        )
        some |= bool(at_first)
    assert some, "a page that begins with one"


def places(workspace: Workspace) -> list[tuple[str, EvidenceSlot]]:
    found = workspace.page_view.parts.places.items()
    return [(slot, place) for slot, place in found if isinstance(place, EvidenceSlot)]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_page_is_as_high_as_what_stands_on_it(full: Workspace, at_once: bool) -> None:
    for page in ("g.page2", "p5.page2"):
        full.open_page(page)
        if at_once:
            full.page_view.finish()
        settle(QApplication.instance())
        content = full.page_view.widget()
        layout = content.layout()
        assert layout is not None
        assert content.height() == max(layout.heightForWidth(content.width()), full.page_view.viewport().height())


def test_going_to_a_field_builds_the_page_down_to_it_and_no_further(full: Workspace) -> None:
    full.open_page("g.page1")
    full.go_to("p2.2.1a")
    assert "p2.2.1a" in built(full) and "p2.2.1.2" not in built(full)
    focused = QApplication.focusWidget()
    assert focused is not None and full.page_view.isAncestorOf(focused)
    assert not focused.visibleRegion().isEmpty()


def test_what_is_typed_before_the_page_is_whole_stays(full: Workspace) -> None:
    full.open_page("general.page1")
    full.open_page("p4.page1")
    box = next(one for one in full.page_view.findChildren(QLineEdit) if one.isVisible())
    box.setFocus()
    box.insert("๑๒")
    box.textEdited.emit(box.text())
    typed = box.text()
    full.page_view.finish()
    assert box.text() == typed
    assert full.flush()


def test_leaving_before_the_page_is_whole_builds_nothing_on_the_next(full: Workspace) -> None:
    full.open_page(LONG)
    full.open_page("g.page1")
    settle(QApplication.instance())
    assert all(full.bridge.form.node(address).page == "g.page1" for address in built(full))


def test_a_change_far_down_that_is_not_built_yet_shows_when_it_is(full: Workspace) -> None:
    full.open_page(LONG)
    assert FAR_DOWN not in built(full)
    full.bridge.answer(FAR_DOWN, None)
    assert not any(one.isChecked() for one in editor(full, FAR_DOWN).buttons.values())


def test_the_fold_keeps_the_printed_order_however_deep_things_wait() -> None:
    fold, done = Fold(), list[str]()

    def group(name: str, depth: int) -> None:
        def build() -> None:
            done.append(name)
            for number in range(3 if depth else 0):
                group(f"{name}{number}", depth - 1)

        if not fold.put_off(10, build):
            build()

    fold.begin(25)
    for name in "abc":
        group(name, 2)
    fold.end()
    assert done[:3] == ["a", "a0", "a00"] and fold.waits
    while fold.waits:
        fold.build(15)
    assert done == sorted(done)
    assert len(done) == 3 * (1 + 3 + 9) == len(set(done))
