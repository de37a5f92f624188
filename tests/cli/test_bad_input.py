"""What is no sound draft, cannot be written, or finds no space: one sentence, and nothing is lost."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cli.support import SOURCE, done, listing, refused, result_of, run, start

POSIX = pytest.mark.skipif(os.name != "posix", reason="limits of a process are set the POSIX way")
READERS = (["check"], ["score"])
ME = ("--person", "ก", "--no-passphrase")
WRITERS = (["set", "g1", "yes"], ["export", "a.zip", "--draft", *ME])


def on(draft: Path, command: list[str]) -> list[object]:
    return [command[0], draft, *command[1:]]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# -- no package, a damaged one, a newer one --------------------------------------------------------------------------


@pytest.mark.parametrize("command", [READERS[0], WRITERS[0], ["backup", "copy.dgdesk"]], ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("content", "code", "says", "thai"),
    [
        (b"", 3, "is not a survey file", "ไม่ใช่ไฟล์แบบสำรวจ"),
        (b"%PDF-1.7 something else entirely" * 100, 3, "is not a survey file", "ไม่ใช่ไฟล์แบบสำรวจ"),
        (b"SQLite format 3\x00" + bytes(5000), 3, "“งาน.dgdesk”", "“งาน.dgdesk”"),
        ("database", 3, "is not a survey file", "ไม่ใช่ไฟล์แบบสำรวจ"),
        ("half", 3, "is damaged", "เสียหาย"),
        ("newer", 3, "was made by a newer program", "รุ่นใหม่กว่า"),
    ],
    ids=["empty", "pdf", "header", "database", "half", "newer"],
)
def test_what_is_no_sound_draft_is_refused_and_left_as_it_is(draft, tmp_path, command, content, code, says, thai):
    path = tmp_path / "งาน.dgdesk"
    if content == "database":
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("CREATE TABLE t (a)")
    elif content == "half":
        path.write_bytes(draft.read_bytes()[: draft.stat().st_size // 2])
    elif content == "newer":
        path.write_bytes(draft.read_bytes())
        with closing(sqlite3.connect(path)) as newer, newer:
            newer.execute("PRAGMA user_version = 99")
    else:
        path.write_bytes(content)
    before = listing(tmp_path)
    refused(code, *on(path, command), says=says, thai=thai)
    assert listing(tmp_path) == before


@pytest.mark.parametrize("command", [READERS[0], WRITERS[0], ["backup", "copy.dgdesk"]], ids=lambda command: command[0])
def test_a_draft_that_is_not_there_is_told(tmp_path, command):
    refused(3, *on(tmp_path / "ไม่มี.dgdesk", command), says="“ไม่มี.dgdesk” was not found", thai="ไม่พบไฟล์")
    refused(3, *on(tmp_path, command), says="is a folder, not a survey file", thai="เป็นโฟลเดอร์")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_answer_is_told_and_not_overwritten(draft):
    done("set", draft, "g1", "yes")
    with closing(sqlite3.connect(draft)) as raw, raw:
        assert raw.execute("UPDATE state SET value = '{' WHERE target = 'g1'").rowcount == 1
    before = draft.read_bytes()
    for command in [*READERS, *WRITERS]:
        refused(3, *on(draft, command), says="holds data that cannot be read", thai="ไฟล์เสียหาย")
    assert draft.read_bytes() == before


def test_a_backup_of_a_damaged_draft_is_made_and_the_damage_named(ready, tmp_path):
    with closing(sqlite3.connect(ready)) as raw, raw:
        (chunk,) = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%chunk%'").fetchone()
        (column,) = (row[1] for row in raw.execute(f"PRAGMA table_info({chunk})") if row[2] == "BLOB")
        where = f"WHERE rowid = (SELECT min(rowid) FROM {chunk})"
        (content,) = raw.execute(f"SELECT {column} FROM {chunk} {where}").fetchone()
        raw.execute(f"UPDATE {chunk} SET {column} = ? {where}", (content[:-1] + bytes([content[-1] ^ 1]),))
    result = run("backup", ready, tmp_path / "copy.dgdesk", "--json", "--lang", "en")
    assert result.code == 1 and result.err == ""
    (message,) = result.json["damages"]
    assert message.startswith("The evidence file “") and "damaged" in message
    assert (tmp_path / "copy.dgdesk").exists()
    refused(
        3,
        "export",
        "--reason",
        "แก้ไข",
        ready,
        tmp_path / "a.zip",
        "--person",
        "ก",
        "--no-passphrase",
        says="The export was stopped",
    )
    assert not (tmp_path / "a.zip").exists()


# -- a draft that somebody works in ----------------------------------------------------------------------------------

HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from dgdesk.draft.drafts import open_draft
with open_draft(Path(sys.argv[1]), clock=lambda: datetime(2026, 11, 20, 2, 30, tzinfo=UTC), who="สมหญิง") as draft:
    print("open", flush=True)
    sys.stdin.readline()
    draft.session.answer("g1", "yes")
"""


@pytest.fixture
def holder(draft: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the draft open, and answers G1 before it ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(draft)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"},
    )
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    yield process
    process.kill()
    process.communicate()


def test_a_held_draft_names_its_holder_and_can_still_be_read(draft, evidence, holder, tmp_path):
    for command in (*WRITERS, ["attach", "g1/yes", evidence]):
        who = f"สมหญิง on computer {os.uname().nodename} (since"
        refused(3, *on(draft, command), says=who, thai="สมหญิง")
    assert run("check", draft, "--json").json["percent"] == 0
    done("score", draft)
    done("backup", draft, tmp_path / "copy.dgdesk")
    refused(3, "backup", tmp_path / "copy.dgdesk", draft, says="already a file named")
    holder.communicate("go on\n", timeout=60)
    assert holder.returncode == 0
    assert done("set", draft, "g1", "yes", "--json").json["answers"] == {"g1": "yes"}


# -- places that cannot be written -----------------------------------------------------------------------------------


def without_override() -> None:
    """Run in the child: give up what lets root write where it may not (CAP_DAC_OVERRIDE, PR_CAPBSET_DROP)."""
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0) != 0:
        os._exit(99)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody may write to, not even root without its override; skips where that cannot be had."""
    if not sys.platform.startswith("linux"):
        pytest.skip("capabilities are given up the Linux way")
    folder = tmp_path / "ล็อก"
    folder.mkdir()
    yield folder
    folder.chmod(0o755)


@pytest.mark.parametrize(
    "command",
    [
        ["new", "{locked}/new.dgdesk"],
        ["set", "{locked}/a.dgdesk", "g1", "yes"],
        ["backup", "{locked}/a.dgdesk", "{locked}/copy.dgdesk"],
        ["export", "{open}/b.dgdesk", "{locked}/a.zip", "--draft", *ME],
        ["export", "{open}/b.dgdesk", "{open}/a.zip", "--draft", *ME, "--identity", "{locked}/id"],
        ["collate", "{locked}/all.csv", "{open}/none.zip"],
        ["demo", "{locked}/demo"],
        ["demo", "{locked}"],
    ],
    ids=lambda command: " ".join(command[:3:2]),
)
def test_a_read_only_folder_is_told_in_one_sentence(draft, locked, tmp_path, home, command):
    (locked / "a.dgdesk").write_bytes(draft.read_bytes())
    (tmp_path / "b.dgdesk").write_bytes(draft.read_bytes())
    locked.chmod(0o555)
    before = listing(tmp_path)
    process = start(
        *(part.format(locked=locked, open=tmp_path) for part in command),
        limits=without_override,
        DGDESK_HOME=str(home / "profile"),
    )
    if process.returncode == 99:
        pytest.skip("this process may not give up its capabilities")
    sentence = result_of(process).refusal(3)
    assert "เขียน" in sentence or "บันทึก" in sentence, sentence
    assert listing(tmp_path) == before


def test_a_draft_in_a_read_only_folder_can_be_read(draft, locked, tmp_path):
    (locked / "a.dgdesk").write_bytes(draft.read_bytes())
    (locked / "a.dgdesk").chmod(0o444)
    locked.chmod(0o555)
    process = start("check", locked / "a.dgdesk", "--json", limits=without_override)
    if process.returncode == 99:
        pytest.skip("this process may not give up its capabilities")
    assert process.returncode == 1 and process.stderr == b""


def test_a_file_in_a_folders_place_is_told(evidence, tmp_path):
    before = listing(tmp_path)
    refused(3, "new", evidence / "a.dgdesk", says="The folder of ", thai="ไม่มีโฟลเดอร์")
    refused(3, "demo", evidence, says="is no folder", thai="ไม่ใช่โฟลเดอร์")
    refused(3, "demo", evidence / "demo", says="is no folder", thai="ไม่ใช่โฟลเดอร์")
    refused(3, "new", tmp_path / ("ก" * 300 + ".dgdesk"), says="is longer than the system allows")
    assert listing(tmp_path) == before


# -- a full disk -----------------------------------------------------------------------------------------------------


def small(size: int):
    """A limit on the size of any file the child writes, which fails as a full disk does."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@POSIX
@pytest.mark.parametrize(
    "command",
    [
        ["new", "new.dgdesk"],
        ["set", "{draft}", "general.address", "{long}"],
        ["attach", "{draft}", "g1/yes", "big.bin"],
        ["backup", "{draft}", "copy.dgdesk"],
        ["export", "{draft}", "a.zip", "--draft", "--identity", "{identity}"],
        ["collate", "all.csv", "{bundle}"],
        ["demo", "demo"],
    ],
    ids=lambda command: command[0],
)
def test_a_full_disk_is_told_and_the_draft_is_as_it_was(draft, exported, bundle, tmp_path, home, command):
    identity = Path(shutil.copytree(exported / "identity", home / "identity"))
    shutil.copyfile(exported / "draft.dgdesk", draft)
    (tmp_path / "big.bin").write_bytes(os.urandom(1 << 20))
    content = draft.read_bytes()
    before = {name: content for name, content in listing(tmp_path).items()}
    size = {"set": draft.stat().st_size, "attach": draft.stat().st_size + 4096, "collate": 10}.get(command[0], 20_000)
    fill = {"draft": draft, "bundle": bundle, "identity": identity, "long": "น้ำ" * 6_000}
    process = start(*(part.format(**fill) for part in command), limits=small(size), DGDESK_HOME=str(home / "profile"))
    sentence = result_of(process).refusal(3)
    assert "เขียน" in sentence or "พื้นที่" in sentence or "ดิสก์" in sentence, sentence
    assert draft.read_bytes() == content
    after = listing(tmp_path)
    assert {name: one for name, one in after.items() if not name.startswith("demo/")} == before
    assert not list(tmp_path.rglob("*.part")) and not list(tmp_path.rglob("*.lock"))
    # The same draft, with free space again.
    assert done("set", draft, "general.address", "น่าน", "--json").json["answers"] == {"general.address": "น่าน"}


# -- output that goes nowhere ----------------------------------------------------------------------------------------


@POSIX
def test_a_reader_who_leaves_early_is_no_accident(draft):
    import fcntl  # Windows has none

    read, write = os.pipe()
    # Smaller than what is printed, so that the program still writes when the reader has gone.
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen(
        [sys.executable, "-m", "dgdesk", "questionnaire", "dump"],
        stdout=write,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )
    os.close(write)
    os.read(read, 10)
    os.close(read)
    _, err = process.communicate(timeout=60)
    assert err == b"" and process.returncode == 3


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_output_that_finds_no_room_is_told_in_a_sentence(draft, command):
    with Path("/dev/full").open("wb") as full:
        call = [sys.executable, "-m", "dgdesk", *map(str, on(draft, command))]
        process = subprocess.run(
            call, stdout=full, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(SOURCE)}, check=False
        )
    said = process.stderr.decode()
    assert process.returncode == 3 and said.count("\n") == 1 and "โปรด" in said


@POSIX
def test_an_interrupt_is_told_in_a_sentence(draft):
    process = subprocess.Popen(
        [sys.executable, "-m", "dgdesk", "demo", str(draft.parent / "demo")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        # Who runs the tests in a shell's background has interrupts ignored, and so would the child.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    # Wait until it is at work: an interrupt before is Python's own business.
    for _ in range(600):
        if (draft.parent / "demo" / "demo.dgdesk").exists() or process.poll() is not None:
            break
        time.sleep(0.05)
    process.send_signal(2)
    out, err = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("the demo was faster than the interrupt")
    assert process.returncode == 1 and out == b"" and "หยุดตามคำสั่ง" in err.decode()
    assert "Traceback" not in err.decode()


# -- names that try a terminal ---------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_cannot_command_the_terminal_or_break_the_line(draft, tmp_path):
    odd = tmp_path / "ก\x1b[2J\nข.txt"
    odd.write_bytes(b"text")
    done("set", draft, "g1", "yes")  # else a second line says that the file is not sent
    out = done("attach", draft, "g1/yes", odd, "--whole").out
    assert "\x1b" not in out and out.count("\n") == 1
    refused(2, "attach", draft, "g1/yes", odd, says="attached here already")
    sentence = run("check", tmp_path / "ไม่\x1b[2J\nมี.dgdesk").refusal(3)
    assert "\x1b" not in sentence
    undecodable = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")
    Path(undecodable).write_bytes(b"text 2")
    done("attach", draft, "g2/yes", undecodable)
    assert result_of(start("check", undecodable)).refusal(3)


@POSIX
def test_a_new_file_whose_path_is_too_long_is_named_itself(draft, tmp_path):
    folder = tmp_path
    while len(os.fsencode(folder)) < 500:
        folder = folder / ("ก" * min(60, max(1, (510 - len(os.fsencode(folder))) // 3)))
    folder.mkdir(parents=True)
    for command in (("new", folder / "a.dgdesk"), ("backup", draft, folder / "a.dgdesk")):
        said = run(*command, "--lang", "en").refusal(3, "en")
        assert "“a.dgdesk” is too long" in said and ".part" not in said and "disk" not in said, said
    assert list(folder.iterdir()) == []
