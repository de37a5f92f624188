"""The trial in a bare root: which commands are typed, who may do it, and how its result is read."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from devtools import bare_trial
from devtools.bare_trial import Result, counted, typed_words
from devtools.messages import Stop


def test_the_number_of_tests_is_read_from_the_closing_line() -> None:
    assert counted("= 2 failed, 6173 passed, 1 skipped in 351.20s (0:05:51) =\n") == {
        "failed": 2,
        "passed": 6173,
        "skipped": 1,
    }
    assert counted("dev.py: the disk is full\n") == {}


def test_a_result_says_in_one_line_how_it_ended() -> None:
    assert Result("test", 0, 351.4, {"passed": 6173}).sentence() == "`test` ended well in 351 s: 6173 passed"
    assert "FAILED with code 1" in Result("run", 1, 3.0, {}).sentence()


def test_only_root_on_linux_makes_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bare_trial.os, "geteuid", lambda: 1000)
    with pytest.raises(Stop, match="by root, and nowhere else"):
        bare_trial.main(tmp_path, tmp_path, [])


@pytest.mark.parametrize(
    ("typed", "words"),
    [("run", ["run"]), ("windows --twice", ["windows", "--twice"]), (" freeze-test ", ["freeze-test"])],
)
def test_a_command_is_typed_with_its_arguments(typed: str, words: list[str]) -> None:
    assert typed_words(typed) == words


@pytest.mark.parametrize("typed", ["", " ", "bare-test", "--keep", "run;windows"])
def test_what_is_no_command_of_a_newcomer_is_refused(typed: str) -> None:
    with pytest.raises(ArgumentTypeError, match="not one of"):
        typed_words(typed)
