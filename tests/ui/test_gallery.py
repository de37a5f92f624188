"""Everything the window shows is whole in the looks that are hardest: the largest text, and scaling.

`docs/make_screenshots.py` walks through all the looks.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ui.gallery import LOOKS
from ui.one_look import ProgramFailed, output_of, show

ALWAYS = ("large200-1024", "scale250")
BESIDE = ("english-large200-1024", "large150-1366", "contrast-1024", "scale150")
"""Ten seconds each: in `dev.py journey`, which CI runs too."""


# The child has a limit of its own, and says so; the test's must not come first.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", [*ALWAYS, *(pytest.param(name, marks=pytest.mark.journey) for name in BESIDE)])
def test_every_text_is_whole(name: str, full_draft: Path, tmp_path: Path) -> None:
    found = show(LOOKS[name], full_draft, tmp_path)
    assert list(found.lines()) == []
    assert found.shown > 50


def test_there_is_a_look_for_every_theme_size_and_scaling() -> None:
    looks = LOOKS.values()
    assert {look.theme for look in looks} == {"light", "dark", "contrast"}
    assert {look.scale for look in looks} == {1.0, 1.25, 1.5, 2.0, 2.5}
    assert {look.percent for look in looks} >= {100, 150, 200} and {look.language for look in looks} == {"th", "en"}
    for theme in ("light", "dark", "contrast"):
        sizes = {(look.width, look.height) for look in looks if look.theme == theme}
        assert sizes >= {(1366, 768), (1024, 700)}


HANGS = """
import sys
import threading

def dialog_that_nobody_closes():
    threading.Event().wait()

def reader_that_waits():
    threading.Event().wait()

threading.Thread(target=reader_that_waits).start()
print("dialog.print", file=sys.stderr)
dialog_that_nobody_closes()
"""


def test_a_process_that_hangs_says_in_which_line_each_thread_is(tmp_path: Path) -> None:
    program = tmp_path / "hangs.py"
    program.write_text(HANGS, encoding="utf-8")
    with pytest.raises(ProgramFailed) as failure:
        output_of(program, [], os.environ, longest=1.5)
    words = str(failure.value)
    assert words.startswith("did not end within 2 seconds: dialog.print\n")
    assert "hangs.py" in words and "in reader_that_waits" in words and "in dialog_that_nobody_closes" in words


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import sys\nsys.exit('no screen')", "ended with 1: no screen"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_process_that_fails_says_why(program: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "fails.py"
    path.write_text(program, encoding="utf-8")
    with pytest.raises(ProgramFailed, match=said):
        output_of(path, [], os.environ)


def test_a_process_that_ends_in_time_is_not_disturbed(tmp_path: Path) -> None:
    path = tmp_path / "prints.py"
    path.write_text("import sys\nprint(__name__, sys.argv[1:])", encoding="utf-8")
    assert output_of(path, ["a", "ข"], os.environ) == "__main__ ['a', 'ข']\n"
