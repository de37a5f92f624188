"""Window, office, last words: the program cannot begin. Said with nothing of the program that may be missing.

The sentences are not in the catalogue, since it may be what cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress

_TITLE = "dgdesk"
_WORDS = {
    "th": "เปิดโปรแกรมไม่สำเร็จ เพราะชิ้นส่วนของโปรแกรมขาดหายหรือเสียหาย\n\n"
    "แบบสำรวจและหลักฐานของท่านไม่ได้รับผลกระทบ\n\n"
    "กรุณาติดตั้งโปรแกรมใหม่จากไฟล์ติดตั้งเดิม หากยังเปิดไม่ได้ โปรดแจ้งผู้ดูแลระบบพร้อมรหัสนี้: {kind}",
    "en": "The program cannot start, because a part of it is missing or damaged.\n\n"
    "Your drafts and evidence are not affected.\n\n"
    "Please install the program again from its setup file. If it still does not start, tell your support staff this "
    "code: {kind}",
}
_ERROR_ICON = 0x10  # MB_ICONERROR

Box = Callable[[str, str], object]


def say_last_words(error: BaseException, language: str = "th", boxes: tuple[Box, ...] | None = None) -> None:
    """Say that the program cannot begin, by the first way that works, and on stderr where there is one."""
    text = _WORDS.get(language, _WORDS["th"]).format(kind=_kind(error))
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{text}\n")
    for box in (_system_box, _qt_box) if boxes is None else boxes:
        with suppress(Exception):  # the next way may work
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
