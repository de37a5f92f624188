"""Where a person's own things lie, on every system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dgdesk.system.profile import PORTABLE_MARK, find_profile, own_profile

HOME = Path("/home/somchai")


@pytest.mark.parametrize(
    ("environment", "platform", "root"),
    [
        ({}, "linux", HOME / ".local/share/dgdesk"),
        ({"XDG_DATA_HOME": "/data"}, "linux", Path("/data/dgdesk")),
        ({"XDG_DATA_HOME": ""}, "linux", HOME / ".local/share/dgdesk"),
        ({}, "darwin", HOME / "Library/Application Support/dgdesk"),
        ({"APPDATA": "/roaming"}, "win32", Path("/roaming/dgdesk")),
        ({}, "win32", HOME / "AppData/Roaming/dgdesk"),
        ({"DGDESK_HOME": "/chosen", "XDG_DATA_HOME": "/data"}, "linux", Path("/chosen")),
        ({"DGDESK_HOME": "/chosen", "APPDATA": "/roaming"}, "win32", Path("/chosen")),
    ],
)
def test_the_profile_lies_where_the_system_has_such_files(environment, platform, root):
    profile = find_profile(environment, HOME, platform)
    assert profile.root == root
    assert profile.identity == root / "identity"


def test_a_portable_program_keeps_the_profile_beside_itself(thai_path):
    (thai_path / PORTABLE_MARK).write_text("พกพา", encoding="utf-8")
    assert find_profile({"APPDATA": "/roaming"}, HOME, "win32", thai_path).root == thai_path / "profile"
    assert find_profile({"DGDESK_HOME": "/chosen"}, HOME, "win32", thai_path).root == Path("/chosen")


def test_an_installed_program_does_not(thai_path):
    assert find_profile({"APPDATA": "/roaming"}, HOME, "win32", thai_path).root == Path("/roaming/dgdesk")


def test_only_the_frozen_program_looks_beside_itself(thai_path, monkeypatch):
    (thai_path / PORTABLE_MARK).touch()
    monkeypatch.delenv("DGDESK_HOME", raising=False)
    monkeypatch.setattr(sys, "executable", str(thai_path / "dgdesk.exe"))
    assert own_profile().root != thai_path / "profile"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_profile().root == thai_path / "profile"
