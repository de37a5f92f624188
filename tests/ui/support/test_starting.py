"""A whole run of the program in a process of its own: killed and begun again, crashed, and without a part of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dgdesk.support.log import CRASHES, FILE, FOLDER

RUN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from dgdesk.ui.shell import app

what = sys.argv[1]
if what == "fail":
    sys.stderr = None  # as in a windowed program on Windows
furnished = app.furnish

def furnish(*given):
    if what == "no part":
        raise FileNotFoundError("/home/somsri/resources/app.qss")
    desk = furnished(*given)
    QTimer.singleShot(0, lambda: act(desk))
    return desk

def act(desk):
    print("notices", [notice.label.plain_text() for notice in desk.office.notices], flush=True)
    if what == "wait":
        return
    if what == "crash":
        import faulthandler
        faulthandler._sigsegv()
    if what == "fail":
        QTimer.singleShot(300, answer)
        raise KeyError("secret")
    QApplication.closeAllWindows()

def answer():
    dialog = QApplication.activeModalWidget()
    print("told", type(dialog).__name__, flush=True)
    dialog.buttons[1].click()

def boxes():
    box = QApplication.activeModalWidget()
    if box is None:
        QTimer.singleShot(50, boxes)
        return
    print("box", box.text().splitlines()[0], flush=True)
    box.close()

app.furnish = furnish
if what == "no part":
    make = app.make_app
    def made(*given):
        found = make(*given)
        QTimer.singleShot(50, boxes)
        return found
    app.make_app = made
code = app.run([])
print("code", code, flush=True)
"""


def begin(what: str, home: Path) -> subprocess.Popen[str]:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DGDESK_HOME": str(home)}
    variables["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-c", RUN, what],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def run(what: str, home: Path) -> list[str]:
    with begin(what, home) as child:
        out, _ = child.communicate(timeout=90)
    return out.splitlines()


def log_in(home: Path) -> str:
    return (home / FOLDER / FILE).read_text("utf-8")


def test_a_run_begins_and_ends_in_the_log_and_leaves_no_mark(tmp_path: Path) -> None:
    assert run("close", tmp_path) == ["notices []", "code 0"]
    assert " start version=" in log_in(tmp_path) and " end code=0" in log_in(tmp_path)
    assert run("close", tmp_path) == ["notices []", "code 0"]


def test_killed_and_begun_again_it_says_so_once(tmp_path: Path) -> None:
    with begin("wait", tmp_path) as child:
        assert child.stdout is not None and child.stdout.readline() == "notices []\n"
        os.kill(child.pid, signal.SIGKILL)
    first, *_ = run("close", tmp_path)
    assert "ไม่ได้ปิดตามปกติ" in first
    assert " not closed count=1 crashed=False" in log_in(tmp_path)
    assert run("close", tmp_path)[0] == "notices []"


def test_after_a_crash_of_native_code_it_says_that(tmp_path: Path) -> None:
    assert run("crash", tmp_path) == ["notices []"]
    assert b"Segmentation fault" in (tmp_path / FOLDER / CRASHES).read_bytes()
    assert "หยุดทำงานกะทันหัน" in run("close", tmp_path)[0]
    assert run("close", tmp_path)[0] == "notices []"


def test_a_real_error_is_told_without_a_console_and_the_program_closed_from_there(tmp_path: Path) -> None:
    assert run("fail", tmp_path) == ["notices []", "told FaultDialog", "code 0"]
    log = log_in(tmp_path)
    assert "KeyError" in log and "secret" not in log and " end code=0" in log


def test_without_a_part_of_the_program_a_box_says_so(tmp_path: Path) -> None:
    found = run("no part", tmp_path)
    assert found == ["box เปิดโปรแกรมไม่สำเร็จ เพราะไฟล์ประกอบของโปรแกรมไม่ครบหรือเสียหาย", "code 3"]
    assert "start failed" in log_in(tmp_path) and "FileNotFoundError" in log_in(tmp_path)
    assert "somsri" not in log_in(tmp_path)


def test_the_last_words_take_the_first_way_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    from dgdesk.ui.support.failures import say_cannot_start

    said: list[str] = []

    def broken(title: str, text: str) -> None:
        raise RuntimeError

    say_cannot_start(ModuleNotFoundError("x", name="nlpo3"), "en", (broken, lambda title, text: said.append(text)))
    assert len(said) == 1 and "ModuleNotFoundError nlpo3" in said[0]
    assert "cannot start" in capsys.readouterr().err
    say_cannot_start(OSError(), "xx", (broken,))
