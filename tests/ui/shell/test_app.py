"""How the window starts, ends, and bears errors of the program itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.start_page import StartPage
from ui.hands import click, settle

SHOWN_FIRST = """
import sys
from dgdesk.ui.shell import app
from PySide6.QtCore import QTimer
from dgdesk.ui.shell.main_window import MainWindow
heavy = ("sqlalchemy", "pydantic", "yaml", "pyhanko", "nlpo3", "cryptography")
shown = MainWindow.showEvent
def show(self, event):
    print("before", [name for name in heavy if name in sys.modules])
    shown(self, event)
MainWindow.showEvent = show
later = ("pydantic", "sqlalchemy")
def leave(tries):
    from PySide6.QtWidgets import QApplication
    loaded = [name for name in later if name in sys.modules]
    if len(loaded) < len(later) and tries:
        return QTimer.singleShot(100, lambda: leave(tries - 1))
    print("after", loaded)
    QApplication.instance().closeAllWindows()
make = app.make_app
def made(*settings):
    found = make(*settings)
    QTimer.singleShot(100, lambda: leave(300))
    return found
app.make_app = made
print("code", app.run([]))
"""


def test_the_frame_is_shown_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DGDESK_HOME": str(tmp_path)}
    variables["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", SHOWN_FIRST],
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["before []", "after ['pydantic', 'sqlalchemy']", "code 0"], done.stderr
    assert done.returncode == 0


def test_a_new_survey_is_begun_from_the_start_page(
    desk: MainController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage)
    click(page.new_button)
    assert "โปรดเลือกจังหวัด" in page.wrong.plain_text() and page.wrong.isVisible()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "น่าน"), ""))
    page.respondent.setCurrentText("น่าน")
    click(page.new_button)
    settle(QApplication.instance())
    assert (tmp_path / "น่าน.dgdesk").is_file()
    assert desk.workspace is not None and desk.window.windowTitle().startswith("น่าน – น่าน.dgdesk")
    desk.close_draft()
    assert isinstance(desk.window.centralWidget(), StartPage)


def test_a_chosen_draft_is_opened(desk: MainController, full_draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(full_draft), ""))
    desk.actions["open"].trigger()
    assert desk.workspace is not None and desk.workspace.bridge.draft.respondent_name == "เชียงใหม่"


def test_qts_own_words_are_thai(desk: MainController) -> None:
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "ยกเลิก"
    assert QCoreApplication.translate("QLineEdit", "&Copy") == "คัดลอก"
    assert QCoreApplication.translate("QFileDialog", "File &name:") == "ชื่อไฟล์:"


def test_the_table_of_indicators_can_be_read(desk: MainController, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLabel

    from dgdesk.draft.drafts import load_form
    from dgdesk.survey.definition.texts import texts_of
    from dgdesk.ui.shell.indicator_table import IndicatorDialog

    form = load_form()
    dialog = IndicatorDialog(form.definition.indicators, desk.texts, desk.window)
    shown = [label.accessibleName() for label in dialog.findChildren(QLabel)]
    assert "ตัวชี้วัด" in shown and len(shown) > 60
    assert set(shown) <= set(texts_of(form.definition)) | {""}
    dialog.deleteLater()
