"""The program as it is started from a terminal, on a real X server, with keys that go through it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cli.support import done, result_of, start
from journeys.screen import program, screen, source_variables, until

pytestmark = pytest.mark.journey


def answered(draft: Path, section: str) -> int:
    """How many answers of a section are on the disk, as another process reads them while the window is open."""
    result = result_of(start("check", draft, "--json"))
    assert result.code in (0, 1), result.err
    return int(json.loads(result.out)["sections"][section]["answers"][0])


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 700)])
def test_a_question_found_by_its_code_is_answered_by_keyboard_and_on_the_disk(
    thai_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    monkeypatch.setenv("DGDESK_HOME", str(thai_path / "profile"))
    draft = thai_path / "น่าน.dgdesk"
    done("new", draft, "--province", "TH-55")
    command = [sys.executable, "-P", "-m", "dgdesk", str(draft)]
    with screen(width, height) as shown, program(shown, command, source_variables(thai_path)) as running:
        main = shown.window("น่าน.dgdesk")
        # at its first start the program asks who works here
        asked = shown.another_window(main)
        shown.write(asked, "Somsri")
        shown.key("Return")
        until(lambda: asked not in shown.windows(), "the end of the question for a name")
        shown.give_keyboard(main)
        shown.key("ctrl+f")
        shown.write(main, "p1.4")
        shown.key("Return")
        assert answered(draft, "p1") == 0
        shown.key("space")
        until(lambda: answered(draft, "p1") == 1, "the answer on the disk")
        shown.key("ctrl+q")
        until(lambda: running.poll() is not None, "the end of the program")
        assert running.returncode == 0
