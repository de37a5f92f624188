"""The bare root: whose package sources and settings it gets, and what somebody in it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtools.bare_root import OWN_MOUNTS, BareRoot, pip_settings, sources_for

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


def test_a_person_gets_a_home_and_no_variable_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", "/x")
    plain = BareRoot(tmp_path, "plain", {"TZ": "Asia/Bangkok"}).environment()
    assert plain["HOME"] == "/home/newcomer" and plain["TZ"] == "Asia/Bangkok" and "sbin" not in plain["PATH"]
    assert "PYTHONPATH" not in plain
    assert "setpriv" in BareRoot(tmp_path, "plain").command(["true"])
    assert "setpriv" not in BareRoot(tmp_path, "plain").command(["true"], as_root=True)


def test_what_is_mounted_in_a_root_is_seen_by_its_own_program_alone(tmp_path: Path) -> None:
    command = BareRoot(tmp_path).command(["true"])
    assert command[: len(OWN_MOUNTS)] == [*OWN_MOUNTS]
    assert "private" in OWN_MOUNTS and "--kill-child" in OWN_MOUNTS
