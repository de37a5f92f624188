"""The window part of the self-test: opens a draft and shows all its pages, without an event loop.

It checks that the bundled font and Qt's image formats are there, and that nothing warned or raised.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, qInstallMessageHandler, qVersion
from PySide6.QtGui import QFontDatabase, QFontInfo, QImageReader, QRawFont
from PySide6.QtWidgets import QApplication, QLabel

from dgdesk.system.profile import Profile
from dgdesk.system.settings import FILE, Settings, SettingsFile
from dgdesk.ui.shell.app import furnish, make_app, make_services
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.widgets.app_theme import FAMILY, apply_theme

_PICTURES = frozenset({"gif", "ico", "jpeg", "png", "svg"})
_UNSPACED = "จังหวัดของท่านมีการจัดทำนโยบายแผนปฏิบัติการหรือแผนงานด้านธรรมาภิบาลข้อมูลภาครัฐ"
_IGNORED = ("This plugin does not support", "Detected locale")
"""Qt's harmless messages: no window manager, and a locale without UTF-8, which Qt replaces."""


class WindowBroken(Exception):
    """The window failed the self-test; the text says why."""


def try_window(draft: Path, folder: Path, platform: str) -> Mapping[str, object]:
    """Open a copy of a draft in the window, show every page, and save a picture of the window in ``folder``.

    Call it once in a process: it creates the application, with Qt's ``platform``.

    Raises:
        WindowBroken: a font, a picture reader or the draft is missing; Qt warned; a slot raised.
    """
    said: list[str] = []
    qInstallMessageHandler(lambda _kind, _context, text: None if text.startswith(_IGNORED) else said.append(text))

    def note(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        said.append(f"{kind.__name__}: {error}")

    settings = SettingsFile(folder / "profile" / FILE)
    settings.change(Settings(who="ผู้ทดสอบ"))
    app = make_app(settings.now, ["-platform", platform])
    apply_theme(app, settings.now)
    found = {"qt": qVersion(), "platform": app.platformName(), **_fonts(), "pictures": _picture_kinds()}
    window = MainWindow(settings.now)
    controller = furnish(
        app, window, make_services(profile=Profile(folder / "profile"), settings=settings.now), settings
    )
    sys.excepthook = note  # the window's own hook would show a dialog and wait
    window.resize(1366, 768)
    window.show()
    copy = folder / "จังหวัดเชียงใหม่ 2569.dgdesk"
    shutil.copyfile(draft, copy)
    controller.open(copy)
    workspace = controller.workspace
    if workspace is None:
        raise WindowBroken("the draft was not opened")
    pages = list(workspace.bridge.form.pages)
    for page in pages:
        workspace.open_page(page)
        workspace.page_view.finish()
        _settle()
        window.grab()
    if not window.grab().save(str(folder / "window.png")):
        raise WindowBroken("the picture of the window could not be written")
    controller.close_draft()
    window.close()
    controller.let_go()
    _settle()
    if said:
        raise WindowBroken("; ".join(list(dict.fromkeys(said))[:10]))
    return {**found, "pages": len(pages)}


def _fonts() -> Mapping[str, object]:
    """Check that the bundled font is used; report whether Qt breaks Thai lines itself (with libthai)."""
    font = QApplication.font()
    used, raw = QFontInfo(font), QRawFont.fromFont(font)
    if FAMILY not in QFontDatabase.families() or used.family() != FAMILY or raw.familyName() != FAMILY:
        raise WindowBroken(f"{used.family()} is used instead of {FAMILY}")
    if not all(raw.supportsCharacter(ord(letter)) for letter in "กํ่น้ำที่\u200b"):
        raise WindowBroken("the font lacks Thai letters")
    plain = QLabel(_UNSPACED)
    plain.setWordWrap(True)
    return {"font": used.family(), "qt_breaks_thai": plain.heightForWidth(150) > plain.heightForWidth(5000)}


def _picture_kinds() -> list[str]:
    kinds = {bytes(each.data()).decode() for each in QImageReader.supportedImageFormats()}
    if not kinds >= _PICTURES:
        raise WindowBroken(f"pictures that Qt does not read: {sorted(_PICTURES - kinds)}")
    return sorted(kinds)


def _settle() -> None:
    """Process pending layouts and deletions."""
    for _ in range(5):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
