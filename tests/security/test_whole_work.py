"""A province's whole work in the window, watched from outside: no network, nothing left behind, no answer in a log."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHILD = HERE / "watched_child.py"
SECRET = "ความลับ๗๓๑๙"


@dataclass(frozen=True)
class Watched:
    """What was seen of the child."""

    root: Path
    attempts: list[str]
    written: list[str]
    speaking: list[str]
    logged: str


def without_network() -> list[str]:
    """The start of a command that runs without any network, where this system lets us make one; else nothing."""
    unshare = shutil.which("unshare")
    call = [unshare, "--map-root-user", "--net"] if unshare else []
    if call and subprocess.run([*call, "true"], capture_output=True, check=False).returncode == 0:
        return call
    return []


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    root = tmp_path_factory.mktemp("watched")
    (root / "tmp").mkdir()
    environment = {
        **os.environ,
        **{name: str(root / "tmp") for name in ("TMPDIR", "TMP", "TEMP")},
        "HOME": str(root / "home"),
        "DGDESK_HOME": str(root / "profile"),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join(str(HERE.parents[1] / name) for name in ("src", "tests")),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [*without_network(), sys.executable, str(CHILD), str(root)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return Watched(root, told["attempts"], told["written"], told["speaking"], done.stderr)


def test_no_attempt_is_made_to_use_a_network(watched: Watched) -> None:
    assert watched.attempts == []
    assert "PySide6.QtNetwork" not in watched.speaking  # Python's record would not show what Qt does


def test_files_are_written_beside_the_draft_in_the_profile_and_in_the_temporary_folder_alone(watched: Watched) -> None:
    # What the document worker prints goes nowhere.
    foreign = {path for path in watched.written if not path.startswith(str(watched.root))} - {os.devnull}
    assert watched.written and foreign == set()


def test_viewing_printing_pasting_exporting_leave_nothing_behind(watched: Watched) -> None:
    assert list((watched.root / "tmp").rglob("*")) == []
    assert list((watched.root / "profile" / "viewing").rglob("*")) == []
    kept = sorted(path.name for path in (watched.root / "งาน").iterdir())
    wanted = [
        "น่าน.dgdesk",
        "ส่ง.signoff.pdf",
        "ส่ง.zip",
        "ส่ง-เข้ารหัส.zip.age",
        "ส่ง-เข้ารหัส.signoff.pdf",
        "หลักฐาน",
        "แตก",
        f"{SECRET} แผน.pdf",
    ]
    assert kept == sorted(wanted)
    assert [path.name for path in watched.root.rglob("*") if ".part" in path.name] == []


def test_the_profile_holds_settings_and_the_key_and_no_answer(watched: Watched) -> None:
    profile = watched.root / "profile"
    files = {path.relative_to(profile).as_posix(): path.read_bytes() for path in profile.rglob("*") if path.is_file()}
    assert files.keys() == {"settings.json", "identity/signer.key", "identity/signer.pem"}
    # The person's own name stands in the settings, since they typed it there; it is the only place.
    assert json.loads(files["settings.json"])["who"] == SECRET
    assert all(content.count(SECRET.encode()) == (name == "settings.json") for name, content in files.items())


def test_no_library_logs_an_answer_a_name_or_a_passage_at_any_level(watched: Watched) -> None:
    assert "DEBUG" in watched.logged  # the logs were listened to
    assert SECRET not in watched.logged
