"""Where a person's own things lie, on every system."""

from __future__ import annotations

from pathlib import Path

import pytest

from dgdesk.profile import find_profile

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
