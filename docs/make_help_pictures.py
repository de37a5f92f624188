"""Makes the pictures of the guide (resources/help/*.png) from the window itself.

    python docs/make_help_pictures.py DRAFT

DRAFT is any draft, for example the ``demo.dgdesk`` of ``dgdesk demo``; a copy of it is opened, and one new draft made.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from PIL import Image
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.draft.drafts import new_draft
from dgdesk.evidence.media import PDF
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.system.profile import Profile
from dgdesk.ui.evidence.viewers import open_viewer
from dgdesk.ui.review.history_dialog import HistoryDialog
from dgdesk.ui.shell.app import furnish, make_app, make_services
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.workspace import Workspace

WIDTH = 760
"""Pixels: the guide's window is a little wider."""


def main(arguments: list[str]) -> int:
    """Make the pictures; return the exit code."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    app = make_app()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        draft, fresh = folder / "เชียงใหม่.dgdesk", folder / "น่าน.dgdesk"
        shutil.copyfile(arguments[0], draft)
        who = "สมศรี ใจดี"
        new_draft(fresh, clock=lambda: datetime.now(UTC), who=who, respondent="TH-55").close()
        window = MainWindow()
        window.resize(1180, 700)
        desk = furnish(app, window, make_services(who=who, profile=Profile(folder / "profile")))
        window.show()
        desk.open(draft)
        desk.close_draft()
        take(window, "start")
        desk.open(draft)
        assert desk.workspace is not None
        desk.workspace.open_page("p1.page2")
        take(window, "page")
        desk.workspace.show_side(True)
        desk.workspace.side.setCurrentWidget(desk.workspace.score)
        take(desk.workspace.side, "score")
        desk.workspace.side.setCurrentWidget(desk.workspace.evidence)
        desk.workspace.go_to(*with_file(desk.workspace))
        take(window, "evidence")
        take_viewer(desk.workspace)
        desk.close_draft()
        desk.open(fresh)
        desk.workspace.show_side(True)
        desk.workspace.side.setCurrentWidget(desk.workspace.next)
        desk.workspace.finding.go_to_first_error()
        take(window, "problems")
        bridge = desk.workspace.bridge
        bridge.answer("general.address", "ศาลากลาง จังหวัดน่าน")
        bridge.answer("general.first_name", "สมชาย")
        bridge.answer("general.address", "ศาลากลางจังหวัดน่าน ตำบลในเวียง อำเภอเมืองน่าน")
        history = HistoryDialog(bridge, desk.services, None, window)
        history.resize(WIDTH, 360)
        history.show()
        take(history, "history")
        history.close()
        window.close()
    return 0


def with_file(workspace: Workspace) -> tuple[str, str]:
    """Return the address and the place of some evidence that is attached."""
    state, form = workspace.bridge.state, workspace.bridge.form
    slot = next(slot for slot, files in state.facts.evidence.items() if files)
    return form.nodes[form.slots[slot].node].address, slot


def take_viewer(workspace: Workspace) -> None:
    """Take a picture of the viewer on a PDF with a marked passage."""
    bridge = workspace.bridge
    found = ((slot, one) for slot, files in bridge.state.facts.evidence.items() for one in files)
    slot, file = next((slot, one) for slot, one in found if one.media_type == PDF)
    bridge.mark(slot, file.sha256, marks=[Mark(1, (Rect(0.1, 0.135, 0.45, 0.168),), "ข้อ 2 คำสั่งแต่งตั้ง")])
    viewer = open_viewer(bridge, workspace.services, slot, file.sha256, workspace)
    viewer.resize(1080, 640)
    viewer.area.set_fit("width")
    until = time.monotonic() + 20
    while time.monotonic() < until and not viewer.area.complete:
        QApplication.processEvents()
    take(viewer, "viewer")
    viewer.close()


def take(window: QWidget, name: str) -> None:
    """Save a picture of the window, small: 64 colours are enough for a screen."""
    for _ in range(10):
        QApplication.processEvents()
    path = ROOT / "resources" / "help" / f"{name}.png"
    window.grab().save(str(path))
    with Image.open(path) as taken:
        width = min(WIDTH, taken.width)
        height = round(taken.height * width / taken.width)
        small = taken.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    small.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
