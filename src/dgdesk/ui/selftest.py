"""The self-test's window: opens a draft in the program's window and turns through its pages, without an event loop.

It sees that the bundled font and Qt's picture readers are there, and that nothing was warned of or raised.
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
from dgdesk.ui.widgets.icons import FAMILY
from dgdesk.ui.widgets.theme import apply_theme

_PICTURES = frozenset({"gif", "ico", "jpeg", "png", "svg"})
_UNSPACED = "จังหวัดของท่านมีการจัดทำนโยบายแผนปฏิบัติการหรือแผนงานด้านธรรมาภิบาลข้อมูลภาครัฐ"
_IGNORED = ("This plugin does not support", "Detected locale")
"""What Qt says of a screen without a window manager, and of a PC without a UTF-8 locale, where it takes one itself."""


class WindowBroken(Exception):
    """The window is not as it should be; the text says in what."""


def try_window(draft: Path, folder: Path, platform: str) -> Mapping[str, object]:
    """Open a copy of a draft in the window, show every page, and keep a picture of the window in ``folder``.

    Call it once in a process: it makes Qt's application, with Qt's ``platform``.

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
    sys.excepthook = note  # the window's own hook shows a message and waits for somebody to close it
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
    """The texts are drawn with the bundled font; says whether Qt breaks Thai lines itself, where libthai is there."""
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
    """Let layouts come to rest, and what was deleted go."""
    for _ in range(5):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
