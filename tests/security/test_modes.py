"""What the program writes is as private as the person asked for, and nothing of anybody else is removed."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dgdesk.support.log import EventLog
from dgdesk.support.presence import Presence
from dgdesk.system.private import make_private_folder, tighten
from dgdesk.system.settings import Settings, SettingsFile
from dgdesk.system.startup import PASSPHRASE, take_environment
from parsed import nodes_of

SOURCE = Path(__file__).parents[2] / "src" / "dgdesk"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows keeps profiles apart by itself, without modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture(params=[0o022, 0o077, 0o002])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@posix
def test_settings_and_logs_are_their_owners_alone_and_old_ones_are_tightened(tmp_path: Path, umask: int) -> None:
    root = tmp_path / "share" / "dgdesk"
    SettingsFile(root / "settings.json").change(Settings(who="สมศรี"))
    log = EventLog(root / "logs", lambda: datetime(2026, 11, 20, tzinfo=UTC)).open()
    log.event("begin")
    log.close()
    presence = Presence(root, datetime(2026, 11, 20, tzinfo=UTC))
    presence.look()
    presence.leave()
    for path in (root, *root.rglob("*")):
        if path.is_dir():
            assert mode(path) == 0o700, path
    assert mode(root / "settings.json") == mode(root / "logs" / "dgdesk.log") == 0o600
    (root / "settings.json").chmod(0o644)
    (root / "logs" / "dgdesk.log").chmod(0o644)
    SettingsFile(root / "settings.json").change(Settings(who="สมชาย"))
    EventLog(root / "logs", lambda: datetime(2026, 11, 20, tzinfo=UTC)).open().close()
    assert mode(root / "settings.json") == mode(root / "logs" / "dgdesk.log") == 0o600


@posix
def test_only_ones_own_folders_are_tightened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("profile", "home", "home/inside", "shared"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
    (tmp_path / "shared").chmod(0o1777)
    (tmp_path / "link").symlink_to(tmp_path / "home" / "inside")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("profile", "home", "shared", "link", "nothing"):
        tighten(tmp_path / name)
    tighten(tmp_path)
    assert mode(tmp_path / "profile") == 0o700
    assert mode(tmp_path / "home") == mode(tmp_path / "home" / "inside") == 0o755
    assert mode(tmp_path / "shared") == 0o1777


@posix
def test_a_profile_that_is_made_is_private_from_its_first_folder_on(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    make_private_folder(tmp_path / "a" / "b")
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700


def test_the_passphrase_leaves_the_environment() -> None:
    variables = {PASSPHRASE: "ความลับ", "PATH": "/bin"}
    assert take_environment(variables) == {PASSPHRASE: "ความลับ", "PATH": "/bin"}
    assert variables == {"PATH": "/bin"}


_CHILD = """
import os, subprocess, sys
from dgdesk import __main__
from dgdesk.cli import main as command
seen = []
command.main = lambda arguments, out, err, environment, imported: seen.append(environment) or 0
__main__.main(["score", "x"])
inner = subprocess.run([sys.executable, "-c", "import os; print(os.environ.get('DGDESK_PASSPHRASE'))"],
    capture_output=True, text=True)
print(seen[0]["DGDESK_PASSPHRASE"], os.environ.get("DGDESK_PASSPHRASE"), inner.stdout.strip())
if sys.platform == "linux":
    import ctypes, resource
    print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def test_a_running_program_hands_its_passphrase_to_no_other_and_leaves_no_image_of_its_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD],
        env={**os.environ, PASSPHRASE: "secret"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "secret None None"
    assert sys.platform != "linux" or lines[1] == "0 0"


def _calls(source: str, *names: str) -> Iterator[tuple[int, list[object]]]:
    """Yield the line of each call of a method, and the constants that are handed to it."""
    for node in nodes_of(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node.lineno, [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]


def _opening(source: str) -> list[int]:
    """Return lines that give others a right by number."""
    found = _calls(source, "chmod", "fchmod")
    return [line for line, values in found if any(type(one) is int and one & 0o077 for one in values)]


def test_no_mode_is_set_that_opens_what_the_umask_closes() -> None:
    assert _opening("part.chmod(0o755)") and not _opening("part.chmod(0o700)")
    found = {path.name: _opening(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}
