"""Opens every page of a full form in the real window and reports every text that is not whole, as JSON.

Run as a program, so that the tests can run it where libthai cannot be loaded, as on Windows:
``python walk.py WIDTH HEIGHT DRAFT [FOLDER]``. With FOLDER it saves a picture of every page, whole height, there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]

from PySide6.QtCore import qInstallMessageHandler  # noqa: E402
from PySide6.QtWidgets import QApplication, QLabel  # noqa: E402

from dgdesk.system.profile import Profile  # noqa: E402
from dgdesk.ui.shell.app import furnish, make_app, make_services  # noqa: E402
from dgdesk.ui.shell.main_window import MainWindow  # noqa: E402
from dgdesk.ui.shell.workspace import Workspace  # noqa: E402
from ui.whole import broken_texts  # noqa: E402

UNSPACED = "จังหวัดของท่านมีการจัดทำนโยบายแผนปฏิบัติการหรือแผนงานด้านธรรมาภิบาลข้อมูลภาครัฐ"
_IGNORED = "This plugin does not support"


def walk(
    width: int, height: int, draft: Path, keep: Callable[[Workspace, str], None] | None = None
) -> dict[str, object]:
    """Return the findings: broken texts by page, Qt's warnings, and whether Qt itself breaks Thai lines."""
    warnings: list[str] = []
    qInstallMessageHandler(lambda kind, context, text: warnings.append(text) if _IGNORED not in text else None)
    app = make_app()
    window = MainWindow()
    services = make_services(who="ผู้ทดสอบ", profile=Profile(draft.parent / "profile"))
    desk = furnish(app, window, services)
    window.resize(width, height)
    window.show()
    settle()
    broken = {"start": sorted(set(broken_texts(window)))}
    desk.open(draft)
    workspace = desk.workspace
    assert workspace is not None
    for page in workspace.bridge.form.pages:
        workspace.open_page(page)
        workspace.page_view.finish()
        settle()
        broken[page] = sorted(set(broken_texts(window)))
        if keep is not None:
            keep(workspace, page)
    size = window.size().toTuple()
    names = len(app.topLevelWidgets())
    window.close()
    plain = QLabel(UNSPACED)
    plain.setWordWrap(True)
    return {
        "broken": {page: found for page, found in broken.items() if found},
        "warnings": warnings,
        "qt_breaks_thai": plain.heightForWidth(150) > plain.heightForWidth(5000),
        "size": size,
        "windows": names,
    }


def settle() -> None:
    """Let layouts come to rest."""
    for _ in range(5):
        QApplication.processEvents()


def keep_in(folder: Path) -> Callable[[Workspace, str], None]:
    """Save the window, and the whole page where it is longer."""

    def keep(workspace: Workspace, page: str) -> None:
        workspace.window().grab().save(str(folder / f"{page}.png"))
        content = workspace.page_view.widget()
        if content.height() > workspace.page_view.viewport().height():
            content.grab().save(str(folder / f"{page}.whole.png"))

    return keep


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    places = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    if places is not None:
        places.mkdir(parents=True, exist_ok=True)
    found = walk(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), keep_in(places) if places else None)
    print(json.dumps(found, ensure_ascii=False, indent=1))
