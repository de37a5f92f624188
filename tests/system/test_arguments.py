"""The window leaves the folder that it was started in; a program without a console says everything in a box."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from dgdesk.system.arguments import leave_folder
from dgdesk.system.startup import show_words, stream_encoding
from dgdesk.text.messages import load_catalogue


def test_the_window_moves_home_after_its_files_and_folders_were_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, stick = tmp_path / "home", tmp_path / "stick"
    home.mkdir()
    stick.mkdir()
    monkeypatch.chdir(stick)
    environment = {"DGDESK_HOME": "profile", "PYTHONPATH": os.pathsep.join(("src", "", "/a")), "HOME": "untouched"}
    files = leave_folder(["น่าน.dgdesk", "../ก.zip", str(home / "ข.dgdesk"), "\0"], environment, str(home))
    assert files == [str(stick / "น่าน.dgdesk"), str(tmp_path / "ก.zip"), str(home / "ข.dgdesk"), "\0"]
    assert Path.cwd() == home
    assert environment == {
        "DGDESK_HOME": str(stick / "profile"),
        "PYTHONPATH": os.pathsep.join((str(stick / "src"), "", "/a")),
        "HOME": "untouched",
    }


def test_where_there_is_no_home_it_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert leave_folder(["a"], {}, str(tmp_path / "none")) == [str(tmp_path / "a")]
    assert leave_folder([], {}, "\0") == []
    assert Path.cwd() == tmp_path


def test_a_box_shows_the_beginning_and_the_next_one_is_tried() -> None:
    shown: list[str] = []

    def broken(text: str) -> None:
        raise OSError("no desktop")

    show_words("\n".join(f"{number} {'ก' * 999}" for number in range(99)), (broken, shown.append, shown.append))
    assert len(shown) == 1 and shown[0].endswith("…")
    assert len(shown[0].splitlines()) < 40 and max(map(len, shown[0].splitlines())) <= 600
    show_words(" \n", (shown.append,))
    assert len(shown) == 1, "nothing was said"
    show_words("ไม่มีคำสั่งนี้", (shown.append,))
    assert shown[1] == "ไม่มีคำสั่งนี้"


WITHOUT_CONSOLE = """
import os, sys
from dgdesk.system import startup
told = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
startup._system_box = lambda text: os.write(told, text.encode() + b"|")
sys.stdout = sys.stderr = None
from dgdesk.__main__ import main
os._exit(main(sys.argv[2:]))
"""
WINDOW = """
import os, sys
os.chdir(sys.argv[1])
import dgdesk.ui.shell.app as app
app.run = lambda files, options: print(ascii(files), options, os.getcwd()) or 7
from dgdesk.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


def started(code: str, *arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "HOME": str(home), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nonsense"], 2, "คำสั่งไม่ถูกต้อง"),
        (["export", "--lang", "en"], 2, "dgdesk export"),
        (["--version"], 0, "dgdesk"),
        (["questionnaire", "lint"], 0, ""),
        (["check", "/gone/a.dgdesk"], 3, "a.dgdesk"),
    ],
)
def test_a_command_in_a_program_without_a_console_says_its_words_in_a_box(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    done = started(WITHOUT_CONSOLE, tmp_path / "told", *arguments, home=tmp_path)
    assert done.returncode == code, done.stderr
    told = (tmp_path / "told").read_text(encoding="utf-8")
    assert words in told and told.count("|") == 1, "one box, for what went well too"


def test_only_the_window_leaves_the_folder_and_gets_absolute_files(tmp_path: Path) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    done = started(WINDOW, work, "-platform", "offscreen", "a.DGDESK", "b.zip", home=home)
    files = [str(work / "a.DGDESK"), str(work / "b.zip")]
    assert done.stdout == f"{files} ['-platform', 'offscreen'] {home}\n" and done.returncode == 7, done.stderr


@pytest.mark.parametrize(
    ("page", "environment", "encoding"),
    [
        (874, {}, "cp874"),
        (0, {}, "utf-8"),
        (65001, {}, "utf-8"),
        (437, {}, "utf-8"),
        (1252, {}, "utf-8"),
        (874, {"PYTHONIOENCODING": "utf-8"}, "utf-8"),
        (874, {"PYTHONUTF8": "1"}, "utf-8"),
    ],
)
def test_a_pipe_is_written_as_its_reader_reads_it(page: int, environment: dict[str, str], encoding: str) -> None:
    assert stream_encoding(page, environment) == encoding


THAI_PIPE = """
import sys
from dgdesk.system import startup
startup.stream_encoding = lambda page, environment: "cp874"
from dgdesk.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_powershell_on_thai_windows_reads_words_and_json(tmp_path: Path) -> None:
    variables = {**os.environ, "DGDESK_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def said(*arguments: str) -> tuple[str, str]:
        command = [sys.executable, "-c", THAI_PIPE, *arguments]
        done = subprocess.run(command, env=variables, capture_output=True, check=False, timeout=60)
        return done.stdout.decode("cp874"), done.stderr.decode("cp874")

    assert "คำสั่งไม่ถูกต้อง" in said("prnt")[1] and "?" not in said("prnt")[1]
    assert "จังหวัด" in json.dumps(json.loads(said("questionnaire", "dump", "--json")[0]), ensure_ascii=False)


def test_thai_windows_can_write_every_thai_sentence_of_the_commands() -> None:
    """Letters that its code page does not have become question marks: only signs beside the words may."""
    lost: set[str] = set()
    for code, message in load_catalogue("th").messages.items():
        if not code.startswith("ui."):
            lost |= set(message["th"]) - set(message["th"].encode("cp874", "ignore").decode("cp874"))
    assert {one for one in lost if unicodedata.category(one)[0] in "LMNP"} <= {"·"}, lost


@pytest.mark.parametrize("wrong", ["prnt", "หลักฐาน.pdf", "/gone/a.pdf"])
def test_wrong_use_of_the_command_line_is_two_and_one_sentence_on_the_console(tmp_path: Path, wrong: str) -> None:
    done = started(WINDOW, tmp_path, wrong, home=tmp_path)
    assert done.returncode == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1
