"""Messages that the program failed or cannot start, without the parts that may have failed.

The sentences are not in the catalogue, because the catalogue may be unreadable.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from PySide6.QtWidgets import QWidget

from dgdesk.ui.widgets.app_theme import POINTS
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.label import Texts

_TITLE = "dgdesk"
_WORDS = {
    "th": "เปิดโปรแกรมไม่สำเร็จ เพราะไฟล์ประกอบของโปรแกรมไม่ครบหรือเสียหาย\n\n"
    "แบบสำรวจและหลักฐานของท่านไม่ได้รับผลกระทบ\n\n"
    "โปรดติดตั้งโปรแกรมใหม่จากไฟล์ติดตั้งเดิม หากยังเปิดไม่ได้ โปรดแจ้งผู้ดูแลระบบพร้อมรหัสนี้: {kind}",
    "en": "The program cannot start, because a part of it is missing or damaged.\n\n"
    "Your drafts and evidence are not affected.\n\n"
    "Please install the program again from its setup file. If it still does not start, tell your help desk this "
    "code: {kind}",
}
_ERROR_ICON = 0x10  # MB_ICONERROR

ShowBox = Callable[[str, str], object]


def say_cannot_start(error: BaseException, language: str = "th", boxes: tuple[ShowBox, ...] | None = None) -> None:
    """Say that the program cannot start, in the first box that works, and on stderr if there is one."""
    text = _WORDS.get(language, _WORDS["th"]).format(kind=_kind(error))
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{text}\n")
    for box in (_system_box, _qt_box) if boxes is None else boxes:
        with suppress(Exception):  # the next box may work
            box(_TITLE, text)
            return


def _kind(error: BaseException) -> str:
    code = getattr(error, "code", "")
    name = getattr(error, "name", "") if isinstance(error, ImportError) else ""
    return " ".join(part for part in (type(error).__name__, str(code or ""), str(name or "")) if part)


def _system_box(title: str, text: str) -> None:
    """Windows' own message box (``MessageBoxW``)."""
    import ctypes

    ctypes.windll.user32.MessageBoxW(None, text, title, _ERROR_ICON)  # type: ignore[attr-defined,unused-ignore]


def _qt_box(title: str, text: str) -> None:
    from PySide6.QtWidgets import QApplication

    from dgdesk.ui.widgets.plain import error_box

    if QApplication.instance() is None:
        raise RuntimeError("no application")
    error_box(title, text)


SUPPORT, QUIT, GO_ON = range(3)
"""Values of ``chosen``; closing the dialog means to continue."""
_WIDTH, _WIDEST = 520, 860
"""Pixels: width of the text at the normal size, and at any size."""
_CODES: Final = ("ui.office.fault_support", "ui.office.fault_quit", "ui.office.fault_go_on")


class FaultDialog(MessageDialog):
    """Shows an unexpected error. Further errors while it is open are counted in it."""

    def __init__(self, texts: Texts, kind: str, parent: QWidget | None, *, has_draft: bool) -> None:
        safe = "ui.office.fault_safe_draft" if has_draft else "ui.office.fault_safe"
        self._message = "\n\n".join(
            (texts.say("ui.office.fault", kind=kind), texts.say(safe), texts.say("ui.office.fault_now"))
        )
        super().__init__(texts, self._message, [texts.say(code) for code in _CODES], "error", parent)
        self._texts, self._more = texts, 0
        scale = self.font().pointSizeF() / POINTS
        self.label.setFixedWidth(min(round(_WIDTH * scale), _WIDEST))
        self.setWindowTitle(texts.say("ui.office.fault_title"))
        for number, button in enumerate(self.buttons):
            button.setAutoDefault(number == GO_ON)
            button.setDefault(number == GO_ON)
        self.buttons[GO_ON].setFocus()

    def count_another(self) -> None:
        """Count a further error."""
        self._more += 1
        self.label.set_text(f"{self._message}\n\n{self._texts.say('ui.office.fault_more', count=self._more)}")
        self.fit()
