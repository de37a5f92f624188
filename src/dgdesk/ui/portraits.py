"""Window, portraits: for the self-test, opens the demo's draft, draws every page, and looks whether all is whole.

Everything is shown as a person sees it (Thai, light), in the window of the program, without an event loop of its own.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QLibraryInfo, QPointF, QTimer, qInstallMessageHandler, qVersion
from PySide6.QtGui import QFontDatabase, QFontInfo, QFontMetricsF, QImageReader, QPainter, QRawFont
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from dgdesk.profile import Profile
from dgdesk.settings import FILE, Settings, SettingsFile
from dgdesk.ui.app import furnish, make_app, make_services
from dgdesk.ui.app_theme import apply_theme
from dgdesk.ui.desk import Desk
from dgdesk.ui.fonts import FAMILY
from dgdesk.ui.main_window import MainWindow
from dgdesk.ui.text_layout import TextLayout
from dgdesk.ui.whole import broken_texts, split_words

SIZE = (1366, 768)
_DIALOGS = ("settings", "shortcuts", "indicators", "check", "print")
_PICTURES = ("gif", "ico", "jpeg", "png", "svg")
_UNSPACED = "จังหวัดของท่านมีการจัดทำนโยบายแผนปฏิบัติการหรือแผนงานด้านธรรมาภิบาลข้อมูลภาครัฐ"
_IGNORED = ("This plugin does not support", "Detected locale")
"""What Qt says of a screen without a window manager, and of a PC without a UTF-8 locale, where it takes one itself."""
_LONGEST = 30.0


class Trouble(Exception):
    """Something that the window showed is not as it should be."""


class Portraits:
    """The window of one self-test, its pictures, and what went wrong beside them. Make no second one."""

    def __init__(self, root: Path, platform: str) -> None:
        self._root, self._platform = root, platform
        self._desk: Desk | None = None
        self._told: list[str] = []
        self._raised: list[str] = []
        self._qt_breaks_thai = False

    def open_window(self) -> Mapping[str, object]:
        """Open the program's window with a copy of the demo's draft in it."""
        qInstallMessageHandler(lambda kind, context, text: self._hear(text))
        settings = SettingsFile(self._root / "profile" / FILE)
        settings.change(Settings(who="ผู้ทดสอบ"))
        app = make_app(settings.now, ["-platform", self._platform])
        apply_theme(app, settings.now)
        plain = QLabel(_UNSPACED)
        plain.setWordWrap(True)
        self._qt_breaks_thai = plain.heightForWidth(150) > plain.heightForWidth(5000)
        services = make_services(profile=Profile(self._root / "profile"), settings=settings.now)
        window = MainWindow(settings.now)
        window.resize(*SIZE)
        self._desk = furnish(app, window, services, settings)
        # The window's own hook shows a message and waits for somebody to close it.
        sys.excepthook = self._note
        window.show()
        self._take(window, "start")
        draft = self._root / "จังหวัดเชียงใหม่ 2569.dgdesk"
        shutil.copyfile(self._root / "demo" / "demo.dgdesk", draft)
        self._desk.open(draft)
        if self._desk.workspace is None:
            raise Trouble("the draft was not opened")
        kinds = {bytes(each.data()).decode() for each in QImageReader.supportedImageFormats()}
        if not kinds.issuperset(_PICTURES):
            raise Trouble(f"pictures that Qt does not read: {sorted(set(_PICTURES) - kinds)}")
        return {
            "qt": qVersion(),
            "platform": app.platformName(),
            "size": list(window.size().toTuple()),
            "pictures": sorted(kinds),
            "qt_breaks_thai": self._qt_breaks_thai,
            "plugins": Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)).name,
        }

    def font(self) -> Mapping[str, object]:
        """See that the bundled font is what the texts are drawn with."""
        font = QApplication.font()
        used, raw = QFontInfo(font), QRawFont.fromFont(font)
        if FAMILY not in QFontDatabase.families() or used.family() != FAMILY or raw.familyName() != FAMILY:
            raise Trouble(f"{used.family()} is used instead of {FAMILY}")
        if not all(raw.supportsCharacter(ord(letter)) for letter in "กํ่น้ำที่\u200b"):
            raise Trouble("the font lacks Thai letters")
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance("\u200b") != 0:
            raise Trouble("a place to break a line takes room")
        return {"family": used.family(), "points": font.pointSizeF(), "line_height": round(metrics.height(), 2)}

    def pages(self) -> Mapping[str, object]:
        """Draw every page of the form and keep a picture of each."""
        workspace = self._opened().workspace
        assert workspace is not None
        bad: dict[str, list[str]] = {}
        pages = list(workspace.bridge.form.pages)
        for page in pages:
            workspace.open_page(page)
            workspace.page_view.finish()
            _settle()
            content = workspace.page_view.widget()
            longer = content is not None and content.height() > workspace.page_view.viewport().height()
            if found := self._take(workspace.window(), page, content if longer else None):
                bad[page] = found
        if bad:
            raise Trouble("; ".join(f"{page}: {text}" for page, texts in bad.items() for text in texts[:3]))
        return {"pages": len(pages)}

    def dialogs(self) -> Mapping[str, object]:
        """Open what opens over the window: dialogs, the guide, the viewer on the first file."""
        desk = self._opened()
        bad = []
        for name in _DIALOGS:
            bad += [f"{name}: {text}" for text in self._take_modal(name, desk.actions[name].trigger)]
        desk.actions["help"].trigger()
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window is not desk.window:
                bad += [f"help: {text}" for text in self._take(window, "dialog.help")]
                window.close()
        bad += [f"viewer: {text}" for text in self._take_viewer(desk)]
        if bad:
            raise Trouble("; ".join(bad))
        return {"dialogs": [*_DIALOGS, "help", "viewer"]}

    def quiet(self) -> Mapping[str, object]:
        """Close the window, and see that nothing was warned of or raised meanwhile."""
        desk = self._opened()
        desk.close_draft()
        desk.window.close()
        desk.let_go()
        _settle()
        told = [*dict.fromkeys(self._told), *self._raised]
        if told:
            raise Trouble("; ".join(told[:10]))
        return {}

    def _opened(self) -> Desk:
        if self._desk is None or self._desk.workspace is None:
            raise Trouble("there is no window with a draft")
        return self._desk

    def _take(self, widget: QWidget, name: str, whole: QWidget | None = None) -> list[str]:
        """Keep a picture of a widget, and return what in it is not whole."""
        _settle()
        folder = self._root / "pages"
        folder.mkdir(exist_ok=True)
        split: list[str] = []
        with _painted(split):
            picture = widget.grab()
            long = whole.grab() if whole is not None else None
        for one, ending in ((picture, ""), (long, ".whole")):
            if one is not None and not one.save(str(folder / f"{name}{ending}.png")):
                raise Trouble(f"the picture of {name} could not be written")
        # Where libthai is there, Qt breaks at places of its own beside ours.
        return sorted({*broken_texts(widget), *(() if self._qt_breaks_thai else split)})

    def _take_modal(self, name: str, begin: Callable[[], object]) -> list[str]:
        """Look at the dialog that ``begin`` opens and waits for."""
        found: list[str] = [f"{name} did not open"]

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is not None:
                preview = getattr(dialog, "preview", None)
                _wait(lambda: preview is None or bool(preview.shows_page))
                found[:] = self._take(dialog, f"dialog.{name}")
                dialog.close()

        QTimer.singleShot(0, look)
        begin()
        _settle()
        return found

    def _take_viewer(self, desk: Desk) -> list[str]:
        from dgdesk.ui.viewing import open_viewer

        workspace = desk.workspace
        assert workspace is not None
        bridge = workspace.bridge
        slot, files = next((slot, files) for slot, files in bridge.state.facts.evidence.items() if files)
        viewer = open_viewer(bridge, workspace.services, slot, files[0].sha256, workspace)
        complete = _wait(lambda: bool(viewer.area.complete) or viewer.outside.isVisible())
        found = self._take(viewer, "dialog.viewer")
        viewer.close()
        _settle()
        return found if complete else ["the file was not shown", *found]

    def _hear(self, text: str) -> None:
        if not text.startswith(_IGNORED):
            self._told.append(text)

    def _note(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._raised.append(f"{kind.__name__}: {error}")


@contextmanager
def _painted(found: list[str]) -> Iterator[None]:
    """Collect words that are broken inside, in the texts that are painted meanwhile."""
    draw = TextLayout.draw

    def look(self: TextLayout, painter: QPainter, at: QPointF, width: float) -> None:
        draw(self, painter, at, width)
        found.extend(split_words(self))

    TextLayout.draw = look  # type: ignore[method-assign]
    try:
        yield
    finally:
        TextLayout.draw = draw  # type: ignore[method-assign]


def _settle() -> None:
    """Let layouts come to rest, and what was deleted go."""
    for _ in range(5):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _wait(until: Callable[[], bool]) -> bool:
    """Let the window work until something holds, or too much time has gone; tell whether it holds."""
    last = time.monotonic() + _LONGEST
    while not until():
        if time.monotonic() > last:
            return False
        QApplication.processEvents()
        time.sleep(0.005)
    return True
