"""The outbox with one bundle in each state: for the tests that look at every dialog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtWidgets import QDialog

from dgdesk.outbox.entries import Entry
from dgdesk.ui.outbox.dialog import OutboxDialog
from dgdesk.ui.shell.controller import MainController

_NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)


def _entry(number: int, code: str, **values: object) -> Entry:
    name = f"จังหวัดน่าน 2569 แบบสำรวจระดับความพร้อม ฉบับที่ {number}.zip.age"
    begun = Entry(
        number=number, path=f"D:/งาน/{name}", name=name, size=412 << 20, sha256="0" * 64, agency="dga", digest="1" * 64
    )
    return begun.logged(_NOW, "outbox.added", {"office": "สพร."}).logged(_NOW, code, values)


def _outbox(desk: MainController) -> QDialog:
    dialog = OutboxDialog(desk.outbox, desk.services, desk.window)
    why = "เอกสารหลักฐานข้อ P1.4 อ่านไม่ได้ทั้งไฟล์ โปรดสแกนใหม่แล้วส่งแบบสำรวจอีกครั้งภายในวันที่ 30 พฤศจิกายน 2569"
    desk.outbox.entries = (
        _entry(1, "outbox.accepted", office="สำนักงานพัฒนารัฐบาลดิจิทัล").changed(status="accepted"),
        _entry(2, "outbox.returned", office="สำนักงานพัฒนารัฐบาลดิจิทัล", reason=why).changed(status="returned", said=why),
        _entry(3, "outbox.arrived").changed(status="arrived"),
        _entry(4, "outbox.file_missing", name="จังหวัดน่าน.zip.age").changed(hold=True, confirmed=99 << 20),
    )
    dialog.follow()
    for card in dialog.cards.values():
        card.log.show()
    return dialog


OUTBOX_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {"outbox": _outbox}
