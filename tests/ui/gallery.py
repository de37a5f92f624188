"""Shows everything the window can show, in one look, and says which text is not whole; pictures of all of it if wanted.

Run as a program, one process for each look, since Qt reads the display's scaling at its start:
``python gallery.py LOOK DRAFT [FOLDER]``; the findings come out as JSON. ``docs/make_screenshots.py`` runs all looks.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]

from PySide6.QtCore import QEvent, QPointF, QTimer, qInstallMessageHandler  # noqa: E402
from PySide6.QtGui import QPainter  # noqa: E402
from PySide6.QtWidgets import QApplication, QLabel, QWidget  # noqa: E402

from dgdesk.draft.drafts import new_draft, open_draft  # noqa: E402
from dgdesk.survey.answers.marks import Mark, Rect  # noqa: E402
from dgdesk.system.profile import Profile  # noqa: E402
from dgdesk.system.settings import FILE, Language, Settings, SettingsFile, Theme  # noqa: E402
from dgdesk.ui.evidence.viewers import open_viewer  # noqa: E402
from dgdesk.ui.printing.dialog import PrintDialog  # noqa: E402
from dgdesk.ui.shell.app import furnish, make_app, make_services  # noqa: E402
from dgdesk.ui.shell.controller import MainController  # noqa: E402
from dgdesk.ui.shell.main_window import MainWindow  # noqa: E402
from dgdesk.ui.shell.start_page import StartPage  # noqa: E402
from dgdesk.ui.shell.workspace import Workspace  # noqa: E402
from dgdesk.ui.widgets.app_theme import apply_theme  # noqa: E402
from dgdesk.ui.widgets.dialogs import tell  # noqa: E402
from dgdesk.ui.widgets.echo import Offer  # noqa: E402
from dgdesk.ui.widgets.placing import TITLE_BAR  # noqa: E402
from dgdesk.ui.widgets.text_layout import TextLayout  # noqa: E402
from ui.agency.dialogs import RECEIVING_DIALOGS  # noqa: E402
from ui.attach import findings_dialog  # noqa: E402
from ui.backup_dialogs import BACKUP_DIALOGS  # noqa: E402
from ui.edition_dialogs import EDITION_DIALOGS, install_departments  # noqa: E402
from ui.identity_dialogs import IDENTITY_DIALOGS  # noqa: E402
from ui.maintenance_dialogs import CARE_DIALOGS  # noqa: E402
from ui.outbox_dialogs import OUTBOX_DIALOGS  # noqa: E402
from ui.register.shown import REGISTER_DIALOGS, fill_register  # noqa: E402
from ui.support_dialogs import OFFICE_DIALOGS, findings  # noqa: E402
from ui.whole import broken_texts, split_words  # noqa: E402

UNSPACED = "จังหวัดของท่านมีการจัดทำนโยบายแผนปฏิบัติการหรือแผนงานด้านธรรมาภิบาลข้อมูลภาครัฐ"
_IGNORED = "This plugin does not support"
_MODAL = ("settings", "shortcuts", "indicators", "check", "export", "print")
_BESIDE = ("history", "changes", "library")


@dataclass(frozen=True, slots=True)
class Look:
    """How the window is shown. ``width`` and ``height`` are those of screen and window, before ``scale``."""

    name: str
    width: int
    height: int
    theme: Theme = "light"
    percent: int = 100
    scale: float = 1.0
    language: Language = "th"

    @property
    def screen(self) -> tuple[int, int]:
        """The screen in pixels of its own."""
        return round(self.width * self.scale), round(self.height * self.scale)


LOOKS = {
    look.name: look
    for look in (
        Look("light-1366", 1366, 768),
        Look("light-1024", 1024, 700),
        Look("dark-1366", 1366, 768, theme="dark"),
        Look("dark-1024", 1024, 700, theme="dark"),
        Look("contrast-1366", 1366, 768, theme="contrast"),
        Look("contrast-1024", 1024, 700, theme="contrast"),
        Look("large150-1366", 1366, 768, percent=150),
        Look("large150-1024", 1024, 700, percent=150),
        Look("large200-1366", 1366, 768, percent=200),
        Look("large200-1024", 1024, 700, percent=200),
        Look("dark-large150-1366", 1366, 768, theme="dark", percent=150),
        Look("english-1366", 1366, 768, language="en"),
        Look("english-1024", 1024, 700, language="en"),
        Look("english-large200-1024", 1024, 700, percent=200, language="en"),
        Look("scale100", 1920, 1080),
        Look("scale125", 1536, 864, scale=1.25),
        Look("scale150", 1280, 720, scale=1.5),
        Look("scale200", 1366, 768, scale=2.0),
        Look("scale250", 1536, 864, scale=2.5),
    )
}


class Gallery:
    """One look's pictures and findings."""

    def __init__(self, look: Look, folder: Path | None) -> None:
        self.look, self.folder = look, folder
        self.broken: dict[str, list[str]] = {}
        self.shown = 0

    def take(self, widget: QWidget, name: str, whole: QWidget | None = None) -> None:
        """Look at a widget once its layouts rest; ``whole`` is what in it is longer than the window."""
        print(name, file=sys.stderr, flush=True)  # read if this process fails or hangs
        settle()
        split: list[str] = []
        with painted(split):
            picture = widget.grab()
            long = whole.grab() if whole is not None else None
        found = sorted({*broken_texts(widget), *split})
        if found:
            self.broken[name] = found
        self.shown += 1
        if self.folder is not None:
            picture.save(str(self.folder / f"{name}.png"))
            if long is not None and self.look.scale == 1.0:
                long.save(str(self.folder / f"{name}.whole.png"))

    def take_modal(self, name: str, begin: Callable[[], object]) -> None:
        """Look at the dialog that ``begin`` opens and waits for; events may pass before it opens."""
        seen: list[QWidget] = []
        again = QTimer()
        again.setInterval(0)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is not None:
                again.stop()
                seen.append(dialog)
                while isinstance(dialog, PrintDialog) and not dialog.preview.shows_page:
                    settle()
                self.take(dialog, name)
                dialog.close()

        again.timeout.connect(look)
        again.start()
        begin()
        again.stop()
        if not seen:
            self.broken[name] = ["no dialog was shown"]
        settle()

    def take_pages(self, workspace: Workspace) -> None:
        """Look at every page of the form."""
        for page in workspace.bridge.form.pages:
            workspace.open_page(page)
            workspace.page_view.finish()
            settle()
            content = workspace.page_view.widget()
            longer = content.height() > workspace.page_view.viewport().height()
            self.take(workspace.window(), page, content if longer else None)

    def take_offers(self, workspace: Workspace) -> None:
        """Look at what a page of an empty draft offers, and says after it: flags, "no" to the rest, whole columns."""
        workspace.bridge.flag("g1", "สอบถามสำนักงานคลังจังหวัดเรื่องคำสั่งแต่งตั้งคณะกรรมการ ก่อนวันประชุม")
        workspace.bridge.answer("g2", "yes")
        for page, name in (("g.page1", "offer.no"), ("p5.page1", "offer.column")):
            workspace.open_page(page)
            workspace.page_view.finish()
            settle()
            self.take(workspace.window(), name, workspace.page_view.widget())
            if page == "p5.page1":
                table = workspace.page_view.parts.by_address["p5.1.table"].editor  # type: ignore[attr-defined]
                table.fill(table.node.field.columns[0])
            else:
                workspace.answer_no()
            settle()
            self.take(workspace.window(), f"{name}.done", workspace.page_view.widget())
        for _ in range(3):
            workspace.undo()

    def take_sides(self, workspace: Workspace, name: str) -> None:
        """Look at every tab of the side panel."""
        workspace.show_side(True)
        for number in range(workspace.side.count()):
            workspace.side.setCurrentIndex(number)
            self.take(workspace.window(), f"{name}{number + 1}")
        workspace.side.setCurrentIndex(0)
        workspace.open_review()
        self.take(workspace.window(), f"{name}review")
        workspace.open_page(workspace.page)

    def take_dialogs(self, desk: MainController) -> None:
        """Look at what opens over the window."""
        texts = desk.texts
        for name in _MODAL:
            self.take_modal(f"dialog.{name}", desk.actions[name].trigger)
        words = texts.say("ui.close_unsaved")
        self.take_modal("dialog.message", lambda: tell(texts, words, desk.window, "warning"))
        self.take_modal("dialog.attaching", findings_dialog(texts, desk.window).exec)
        for name, make in (
            *CARE_DIALOGS.items(),
            *REGISTER_DIALOGS.items(),
            *IDENTITY_DIALOGS.items(),
            *RECEIVING_DIALOGS.items(),
            *OFFICE_DIALOGS.items(),
            *BACKUP_DIALOGS.items(),
            *OUTBOX_DIALOGS.items(),
        ):
            self.take_modal(f"dialog.{name}", make(desk).exec)
        desk.actions["help"].trigger()
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window is not desk.window:
                self.take(window, "dialog.help")
                window.close()
        self.take_beside(desk, "dialog.")
        if desk.workspace is not None:
            self.take_found(desk.workspace)
            self.take_export(desk)
            self.take_viewer(desk.workspace)

    def take_notices(self, desk: MainController, name: str) -> None:
        """Look at the window with both of the strips that can stand above a page."""
        desk.office.begin(broken_off="ui.office.crashed", after=600_000)
        desk.office._take(findings())
        self.take(desk.window, name)
        desk.office.stop()
        for notice in desk.office.notices:
            notice.go()
        settle()

    def take_export(self, desk: MainController) -> None:
        """Look at the other pages of the export wizard, to the end."""
        from dgdesk.ui.export.choices import Remembered
        from dgdesk.ui.export.wizard import ExportWizard

        assert desk.workspace is not None
        wizard = ExportWizard(desk.workspace.bridge, desk.services, Remembered(), desk.window)
        wizard.show()
        wizard.ready_page.as_draft.setChecked(True)
        wizard.ready_page.correction.reason.setText("แก้ไขจำนวนแผนตามหนังสือของสำนักงานจังหวัด")
        wizard.go_on()
        self.take(wizard, "dialog.export.signer", wizard.signer_page.body)
        who = wizard.signer_page.picker.who
        who.setCurrentIndex(who.count() - 1)
        self.take(wizard, "dialog.export.signer_new", wizard.signer_page.body)
        wizard.signer_page.picker.new.without.setChecked(True)
        if "place" in wizard.asked:
            wizard.go_on()
        wizard.place_page.sealed.setChecked(True)
        self.take(wizard, "dialog.export.place", wizard.place_page.body)
        wizard.place_page.plain.setChecked(True)
        wizard.go_on()
        self.take(wizard, "dialog.export.work")
        until = time.monotonic() + 60
        while wizard.busy and time.monotonic() < until:
            settle()
        if wizard.stage == "done":
            self.take(wizard, "dialog.export.done", wizard.done_page.body)
        else:
            self.broken["dialog.export.done"] = [wizard.fault.plain_text() or wizard.work_page.state.plain_text()]
        wizard.close()
        wizard.deleteLater()
        settle()

    def take_viewer(self, workspace: Workspace) -> None:
        """Look at the viewer, on the first file."""
        bridge = workspace.bridge
        slot, files = next((slot, files) for slot, files in bridge.state.facts.evidence.items() if files)
        marks = [Mark(1, (Rect(0.1, 0.1, 0.6, 0.2),), "ข้อ 2 คำสั่งแต่งตั้ง")]
        bridge.mark(slot, files[0].sha256, marks=marks)
        viewer = open_viewer(bridge, workspace.services, slot, files[0].sha256, workspace)
        until = time.monotonic() + 20
        while time.monotonic() < until and not (viewer.area.complete or viewer.outside.isVisible()):
            settle()
        self.take(viewer, "dialog.viewer")
        viewer.start_finding()
        self.take(viewer, "dialog.viewer.find")
        viewer.close()
        settle()

    def take_found(self, workspace: Workspace) -> None:
        """Look at the bar with the list of what was found, and at an echo."""
        finder = workspace.top.finder
        workspace.window().activateWindow()
        settle()
        finder.begin()
        self.take(workspace.window(), "find")
        finder.setText("จังหวัด")
        self.take(workspace.window(), "found")
        finder.leave()
        workspace.echo("เลิกทำ: ตอบ G1", Offer("เปิดไฟล์", "O", settle))
        self.take(workspace.window(), "echo")
        workspace.echoes.dismiss()

    def take_editions(self, desk: MainController) -> None:
        """Look at the start page where there is more than one edition, and at the dialogs of editions."""
        desk.new_survey.changed("th-department-2569")
        page = desk.window.centralWidget()
        assert isinstance(page, StartPage)
        page.begin_new()
        settle()
        self.take(desk.window, "start.editions", page.widget())
        for name, make in EDITION_DIALOGS.items():
            self.take_modal(f"dialog.{name}", make(desk).exec)

    def take_beside(self, desk: MainController, prefix: str) -> None:
        """Look at what the draft's own actions open."""
        for name in _BESIDE:
            desk.actions[name].trigger()
            settle()
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                self.broken[prefix + name] = ["no dialog was shown"]
                continue
            self.take(dialog, prefix + name)
            dialog.close()
            settle()
        self.take_overview(desk, prefix)

    def take_overview(self, desk: MainController, prefix: str) -> None:
        """Look at the evidence overview: what is asked for now, and every place there is."""
        workspace = desk.workspace
        assert workspace is not None
        workspace.overview.begin_with((self.look.width, self.look.height - TITLE_BAR))
        desk.actions["overview"].trigger()
        settle()
        window = workspace.overview.window
        if window is None:
            self.broken[prefix + "overview"] = ["no window was shown"]
            return
        self.take(window, prefix + "overview")
        window.controls.states.setCurrentIndex(window.controls.states.findData("all"))
        window.table.go_to_row(len(window.rows) - 1)
        self.take(window, prefix + "overview.all")
        window.close()
        settle()


def walk(look: Look, draft: Path, folder: Path | None, scratch: Path) -> dict[str, object]:
    """Show everything in one look; ``draft`` is written to. Return the findings."""
    warnings: list[str] = []
    qInstallMessageHandler(lambda kind, context, text: warnings.append(text) if _IGNORED not in text else None)
    wanted = Settings(theme=look.theme, text_percent=look.percent, language=look.language, who="สมศรี ใจดี")
    settings = SettingsFile(scratch / "profile" / FILE)
    settings.change(wanted)
    app = make_app(wanted)
    apply_theme(app, wanted)
    services = make_services(profile=Profile(scratch / "profile"), settings=wanted)
    window = MainWindow(wanted)
    window.resize(look.width, look.height)
    desk = furnish(app, window, services, settings)
    sys.excepthook = _end
    window.show()
    gallery = Gallery(look, folder)
    gallery.take(window, "start")
    gallery.take_notices(desk, "start.notices")
    fresh = scratch / "จังหวัดน่าน 2569.dgdesk"
    new_draft(fresh, clock=lambda: datetime.now(UTC), who="สมศรี ใจดี", respondent="TH-55").close()
    with open_draft(draft, clock=lambda: datetime.now(UTC), who="สมศรี ใจดี") as filled:
        fill_register(filled.package)
    desk.open(draft)
    assert desk.workspace is not None
    gallery.take_pages(desk.workspace)
    desk.workspace.open_page("p1.page1")
    gallery.take_sides(desk.workspace, "side.full.")
    gallery.take_dialogs(desk)
    gallery.take_notices(desk, "notices")
    desk.close_draft()
    desk.open(fresh)
    assert desk.workspace is not None
    desk.workspace.open_page("g.page1")
    gallery.take_sides(desk.workspace, "side.new.")
    gallery.take_offers(desk.workspace)
    gallery.take_beside(desk, "dialog.new.")
    desk.close_draft()
    gallery.take(window, "start.recent")
    install_departments(services.profile, scratch)
    gallery.take_editions(desk)
    size = window.size().toTuple()
    window.close()
    plain = QLabel(UNSPACED)
    plain.setWordWrap(True)
    return {
        "look": look.name,
        "broken": gallery.broken,
        "warnings": warnings,
        "qt_breaks_thai": plain.heightForWidth(150) > plain.heightForWidth(5000),
        "size": size,
        "ratio": window.devicePixelRatioF(),
        "shown": gallery.shown,
    }


@contextmanager
def painted(found: list[str]) -> Iterator[None]:
    """Collect words that are broken inside in the texts which are painted meanwhile."""
    draw = TextLayout.draw

    def look(self: TextLayout, painter: QPainter, at: QPointF, width: float) -> None:
        draw(self, painter, at, width)
        found.extend(split_words(self))

    with patch.object(TextLayout, "draw", look):
        yield


def settle() -> None:
    """Let layouts come to rest, and what was deleted go."""
    for _ in range(5):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """End with a trace: the window's own hook would show a dialog and wait for somebody to close it."""
    sys.__excepthook__(kind, error, trace)
    os._exit(3)


def main(arguments: list[str]) -> int:
    """Show one look."""
    if len(arguments) not in (2, 3) or arguments[0] not in LOOKS:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[2]) if len(arguments) == 3 else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        # the draft itself is not touched: opening it would take its lock
        copy = Path(scratch) / "จังหวัดเชียงใหม่ 2569.dgdesk"
        shutil.copyfile(arguments[1], copy)
        print(json.dumps(walk(LOOKS[arguments[0]], copy, folder, Path(scratch)), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
