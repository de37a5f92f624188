"""The line in the bottom bar: never exported, as exported, changed since."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication

from dgdesk.draft.file.model import ExportRecord, StoredJson
from dgdesk.submission.since_export import since_export
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.register.since_line import since_words
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.services import Services
from ui.hands import settle
from ui.modals import until
from ui.register.conftest import World
from ui.whole import broken_texts


def line(world: World) -> str:
    return world.workspace.bar.since.plain_text()


def test_the_line_follows_exports_and_changes(world: World, desk: MainController) -> None:
    bridge = world.workspace.bridge
    assert line(world) == "ยังไม่เคยส่งออก"
    bridge.answer("general.province", "TH-50")
    settle(QApplication.instance())
    assert line(world) == "ยังไม่เคยส่งออก"
    world.export()
    assert line(world).startswith("ส่งออกฉบับร่างเมื่อ 20 พ.ย. 2569")
    bridge.answer("general.province", "TH-55")
    until(lambda: line(world).startswith("แก้ไขแล้ว 1 รายการหลังส่งออกฉบับร่างเมื่อ 20 พ.ย. 2569"))
    bridge.undo()  # work went on, even if it was taken back
    until(lambda: line(world).startswith("แก้ไขแล้ว 2 รายการ"))
    assert list(broken_texts(world.workspace.bar)) == []
    world.export("สอง.zip")
    assert line(world).startswith("ส่งออกฉบับร่าง")
    path = world.draft.path
    desk.close_draft()
    desk.open(path)
    assert desk.workspace is not None and desk.workspace.bar.since.plain_text().startswith("ส่งออกฉบับร่าง")


def test_room_given_back_is_no_change(world: World) -> None:
    world.export()
    package = world.draft.package
    world.workspace.bridge.jobs.run("น้ำ", lambda *_: package.compact(keep_undo=False), lambda _: None, lambda _: None)
    world.rest()
    assert line(world).startswith("ส่งออกฉบับร่าง")


def test_what_is_typed_while_work_has_the_draft_counts_when_it_is_stored(world: World) -> None:
    world.export()
    bridge = world.workspace.bridge
    go = threading.Event()
    bridge.jobs.run("น้ำ", lambda *_: go.wait(30), lambda _: None, lambda _: None)
    bridge.answer("general.province", "TH-50")
    assert line(world).startswith("ส่งออกฉบับร่าง")
    go.set()
    until(lambda: line(world).startswith("แก้ไขแล้ว 1 รายการ"))


def test_a_change_costs_no_question_to_the_draft_until_there_is_a_pause(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.export()
    since, asked = world.workspace.since, []
    monkeypatch.setattr(type(world.draft.package), "state_counter", property(lambda package: asked.append(1) or 9))
    for province in ("TH-50", "TH-51", "TH-52"):
        world.workspace.bridge.answer("general.province", province)
    assert asked == [] and since._timer.isActive()
    until(lambda: asked)
    assert len(asked) == 1


@pytest.mark.parametrize(("record", "kind"), [({"draft": True}, "draft_unchanged"), ({"draft": "yes"}, "unchanged")])
def test_a_draft_is_called_a_draft_in_each_line_about_it(
    loaded: Services, record: dict[str, StoredJson], kind: str
) -> None:
    line = ExportRecord(1, datetime.fromisoformat("2026-11-20T09:30:00+07:00"), "สมศรี", 5, {**record, "counter": 5})
    since = since_export([line], 5)
    assert since.kind == kind and since.code == f"since.is_{kind}"
    for language in ("th", "en"):
        said = since_words(loaded.texts.speaking(load_catalogue(language)), since)
        assert ("ร่าง" in said or "DRAFT" in said) == (kind == "draft_unchanged")
