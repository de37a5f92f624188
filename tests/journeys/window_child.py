"""A window in a process of its own, for journeys that kill it or have two: ``python window_child.py DRAFT WHO``.

It answers question after question and prints each one the moment the window shows it as saved; then it stays open.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]

from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from dgdesk.system.profile import Profile  # noqa: E402
from dgdesk.ui.shell.app import furnish, make_app, make_services  # noqa: E402
from dgdesk.ui.shell.main_window import MainWindow  # noqa: E402
from ui.hands import click, editor, type_text  # noqa: E402


def main(path: Path, who: str) -> None:
    """Open the window and work."""
    app = make_app()
    window = MainWindow()
    desk = furnish(app, window, make_services(who=who, profile=Profile(path.parent / "profile")))
    window.show()
    desk.open(path)
    workspace = desk.workspace
    assert workspace is not None
    print("open", flush=True)

    def say(address: str, value: str) -> None:
        if workspace.bar.status.plain_text().startswith("บันทึกแล้ว"):
            print(f"{address}\t{value}", flush=True)

    box = editor(workspace, "general.position").input
    type_text(box, "นักวิชาการน้ำ")
    while not workspace.bar.status.plain_text().startswith("บันทึกแล้ว"):
        QTest.qWait(20)
    say("general.position", "นักวิชาการน้ำ")
    for row in editor(workspace, "p5.1.table")._rows:
        click(row.cells[0])
        say(row.questions[0].node.address, "no")
    QTest.qWait(60_000)
    QApplication.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
