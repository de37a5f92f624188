"""A window in a process of its own that attaches a file and prints how far it is: ``… DRAFT FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402

from dgdesk.system.profile import Profile  # noqa: E402
from dgdesk.ui.shell.app import furnish, make_app, make_services  # noqa: E402
from dgdesk.ui.shell.main_window import MainWindow  # noqa: E402
from ui.hands import click, editor, place  # noqa: E402


def main(path: Path, source: Path) -> None:
    """Open the window, answer, attach, stay open."""
    app = make_app()
    window = MainWindow()
    desk = furnish(app, window, make_services(who="สมชาย", profile=Profile(path.parent / "profile")))
    window.show()
    desk.open(path)
    workspace = desk.workspace
    assert workspace is not None
    click(editor(workspace, "g1").buttons["yes"])
    workspace.bridge.jobs.progressed.connect(
        lambda done, total: print(f"{100 * done // total if total > 1 else 0}", flush=True)
    )
    place(workspace, "g1/yes").attach(source)
    # no QTest.qWait: it sleeps with Python's lock in its hands, and the work stands still
    loop = QEventLoop()
    QTimer.singleShot(60_000, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
