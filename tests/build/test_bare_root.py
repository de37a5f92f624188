"""The bare root: whose package sources and settings it gets, and how its result is read."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from devtools import bare_root
from devtools.bare_root import BareRoot, Result, counted, pip_settings, sources_for
from devtools.messages import Stop

PARAGRAPHS = """\
# made by the machine's owner
Types: deb
URIs: mirror://debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: mirror://security
Suites: bookworm-security
Components: main

Types: deb
URIs: mirror://other-people
Suites: nodistro
Components: main

Enabled: no
Types: deb
URIs: mirror://off
Suites: bookworm
"""


def test_the_sources_of_this_debian_are_changed_to_the_release_that_is_asked_for() -> None:
    trixie = sources_for(PARAGRAPHS, "bookworm", "trixie")
    assert "Suites: trixie trixie-updates" in trixie and "Suites: trixie-security" in trixie
    assert "other-people" not in trixie and "mirror://off" not in trixie and "bookworm" not in trixie
    assert sources_for(PARAGRAPHS, "bookworm", "bookworm").count("URIs:") == 2


def test_sources_of_one_line_each_are_read_too() -> None:
    lines = (
        "deb [signed-by=/k.gpg] mirror://a bookworm main\n# deb mirror://b bookworm main\ndeb mirror://c stable main\n"
    )
    assert sources_for(lines, "bookworm", "trixie") == "deb [signed-by=/k.gpg] mirror://a trixie main\n"
    assert sources_for("deb mirror://bookworm.example/x bookworm-updates main", "bookworm", "trixie") == (
        "deb mirror://bookworm.example/x trixie-updates main\n"
    )


def test_settings_of_pip_come_along_without_files_of_this_machine() -> None:
    listing = (
        "global.constraint='/etc/pip/constraints.txt'\nglobal.index-url='mirror://python/simple'\n"
        "global.extra-index-url='file:///opt/one mirror://two'\nglobal.find-links='/opt/wheels'\n"
    )
    settings = pip_settings(listing)
    assert "index-url = mirror://python/simple\n" in settings and "extra-index-url = mirror://two\n" in settings
    assert "constraint" not in settings and "find-links" not in settings and "/opt" not in settings


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
    monkeypatch.setattr(bare_root.os, "geteuid", lambda: 1000)
    with pytest.raises(Stop, match="by root, and nowhere else"):
        bare_root.main(tmp_path, tmp_path, [])


def test_a_person_gets_a_home_and_no_variable_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", "/x")
    plain = BareRoot(tmp_path, "plain", {"TZ": "Asia/Bangkok"}).environment()
    assert plain["HOME"] == "/home/newcomer" and plain["TZ"] == "Asia/Bangkok" and "sbin" not in plain["PATH"]
    assert "PYTHONPATH" not in plain
    assert "setpriv" in BareRoot(tmp_path, "plain").command(["true"])
    assert "setpriv" not in BareRoot(tmp_path, "plain").command(["true"], as_root=True)


def test_what_is_mounted_in_a_root_is_seen_by_its_own_program_alone(tmp_path: Path) -> None:
    command = BareRoot(tmp_path).command(["true"])
    assert command[: len(bare_root.OWN_MOUNTS)] == [*bare_root.OWN_MOUNTS]
    assert "private" in bare_root.OWN_MOUNTS and "--kill-child" in bare_root.OWN_MOUNTS


@pytest.mark.parametrize(
    ("typed", "words"),
    [("run", ["run"]), ("windows --twice", ["windows", "--twice"]), (" freeze-test ", ["freeze-test"])],
)
def test_a_command_is_typed_with_its_arguments(typed: str, words: list[str]) -> None:
    assert bare_root.typed_words(typed) == words


@pytest.mark.parametrize("typed", ["", " ", "bare-test", "--keep", "run;windows"])
def test_what_is_no_command_of_a_newcomer_is_refused(typed: str) -> None:
    with pytest.raises(ArgumentTypeError, match="not one of"):
        bare_root.typed_words(typed)
