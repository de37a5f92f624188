"""Files and folders are there whole or not at all, and nothing half-made stays."""

from __future__ import annotations

import ast
import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bundle.support import code_of
from dgdesk.errors import FileError
from dgdesk.system import atomic
from dgdesk.system.atomic import (
    NameTaken,
    atomic_file,
    atomic_folder,
    atomic_set,
    atomic_write,
    explain_write,
    sweep_half_made,
)
from parsed import nodes_of

SOURCE = Path(__file__).parents[2] / "src" / "dgdesk"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows hands down the rights of the folder, without modes")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture(params=[0o022, 0o077, 0o002])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


# ---- one file --------------------------------------------------------------------------------------------------------


def test_a_file_takes_its_name_when_the_work_on_it_is_done(tmp_path: Path) -> None:
    target = tmp_path / "น่าน.zip"
    with atomic_file(target) as part:
        assert not part.exists() and not target.exists()
        part.write_bytes(b"whole")
    assert content(tmp_path) == {target.name: b"whole"}


@posix
def test_it_has_the_umask_s_rights_or_is_its_owner_s_alone(tmp_path: Path, umask: int) -> None:
    with atomic_file(tmp_path / "x") as part:
        assert mode(part.parent) == 0o700, "nobody else looks into it until it is whole"
        part.write_bytes(b"")
    atomic_write(tmp_path / "secret", b"", private=True)
    assert mode(tmp_path / "x") == 0o666 & ~umask and mode(tmp_path / "secret") == 0o600


def test_what_is_called_as_a_half_made_file_belongs_to_somebody_else(tmp_path: Path) -> None:
    for name in ("น่าน.zip.part", ".dgdesk-1.part", ".held"):
        (tmp_path / name).write_bytes(b"of another program")
    atomic_write(tmp_path / "น่าน.zip", b"whole")
    with pytest.raises(ValueError), atomic_file(tmp_path / "น่าน.zip", replace=True) as part:
        part.write_bytes(b"half")
        raise ValueError
    assert [*content(tmp_path).values()].count(b"of another program") == 3 and len(content(tmp_path)) == 4


@pytest.mark.parametrize("error", [OSError(5, "I/O"), FileError("export.evidence_damaged"), KeyboardInterrupt()])
def test_whatever_goes_wrong_nothing_is_left_and_the_old_file_stays(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "x.zip"
    target.write_bytes(b"older work")
    with pytest.raises((FileError, KeyboardInterrupt)) as caught, atomic_file(target, replace=True) as part:
        part.write_bytes(b"half")
        part.with_name(part.name + "-journal").write_bytes(b"half")
        raise error
    assert caught.value is error or caught.value.code == "target.broken"
    assert content(tmp_path) == {"x.zip": b"older work"}


def test_an_existing_file_is_replaced_only_on_request(tmp_path: Path) -> None:
    target = tmp_path / "x"
    atomic_write(target, b"one")
    assert code_of(atomic_write, target, b"two") == "bundle.exists" and target.read_bytes() == b"one"
    atomic_write(target, b"two", replace=True)
    assert target.read_bytes() == b"two"


def test_a_name_that_was_taken_meanwhile_stays_with_who_took_it(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"bundle\.exists"), atomic_file(tmp_path / "x") as part:
        part.write_bytes(b"mine")
        (tmp_path / "x").write_bytes(b"theirs")
    assert content(tmp_path) == {"x": b"theirs"}


def test_who_writes_may_say_himself_what_went_wrong(tmp_path: Path) -> None:
    def explain(error: OSError, path: Path) -> FileError:
        return FileError("cli.unwritable", name=path.name)

    assert code_of(atomic_write, tmp_path / "no" / "x", b"one", explain=explain) == "cli.unwritable"
    assert code_of(atomic_write, tmp_path / "no" / "x", b"one") == "bundle.no_folder"


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EROFS, "read_only"), (errno.EACCES, "forbidden"), (errno.EIO, "broken")],
)
def test_each_failure_of_a_disk_has_its_sentence(number: int, code: str) -> None:
    assert explain_write(OSError(number, "x"), Path("x")).code == f"target.{code}"


def test_what_does_not_read_back_gets_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def spoil(descriptor: int) -> None:
        os.truncate(descriptor, 1)
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", spoil)
        assert code_of(atomic_write, tmp_path / "x", b"whole") == "bundle.not_written"
    assert os.listdir(tmp_path) == []


def test_what_is_not_proved_gets_no_name(tmp_path: Path) -> None:
    def refuse(part: Path) -> None:
        assert part.read_bytes() == b"whole"
        raise FileError("identity.not_written", folder=tmp_path)

    assert code_of(atomic_write, tmp_path / "x", b"whole", prove=refuse) == "identity.not_written"
    assert os.listdir(tmp_path) == []


@posix
def test_file_and_folder_are_on_the_disk_before_anybody_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, synced = os.fsync, []

    def look(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        synced.append((kind, (tmp_path / "x").exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    atomic_write(tmp_path / "x", b"whole")
    assert synced == [("file", False), ("folder", True)]


def test_a_name_of_any_length_and_that_of_the_lock_itself_can_be_had(tmp_path: Path) -> None:
    for name in ("น้ำ" * 28, "น" * 40 + ".dgdesk", ".held"):
        with atomic_file(tmp_path / name) as part:
            assert len(part.name.encode()) < 200, "a journal's name is longer still"
            assert part.suffix == ".part", "who looks for drafts or bundles in folders does not find it"
            part.write_bytes(b"x")
        assert (tmp_path / name).read_bytes() == b"x"


# ---- several files ---------------------------------------------------------------------------------------------------


def write_set(folder: Path, *names: str) -> None:
    with atomic_set(folder, replace=True) as make:
        for name in names:
            make(name).write_bytes(b"new")


def test_files_that_belong_together_take_their_names_together(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"old")
    with atomic_set(tmp_path, replace=True) as make:
        for name in ("a", "b", "c"):
            make(name).write_bytes(b"new")
        assert not (tmp_path / "a").exists() and (tmp_path / "b").read_bytes() == b"old"
    assert content(tmp_path) == {"a": b"new", "b": b"new", "c": b"new"}


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("fails", [1, 2, 3, 4])
def test_where_one_cannot_be_named_all_are_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int, links: bool
) -> None:
    for name in ("b", "c", "d"):
        (tmp_path / name).write_bytes(name.encode())
    before, real, calls = content(tmp_path), os.replace, 0

    def replace(old: Path, new: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == fails:
            raise OSError(errno.EIO, "I/O")
        real(old, new)

    def no_links(old: Path, new: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "replace", replace)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(OSError, match="I/O"):
        write_set(tmp_path, "a", "b", "c", "d")
    assert content(tmp_path) == before


def test_names_that_end_alike_are_two_files(tmp_path: Path) -> None:
    write_set(tmp_path, "ก" + "x" * 50, "ข" + "x" * 50)
    assert len(content(tmp_path)) == 2


def test_none_takes_a_name_where_one_is_taken(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"old")
    with pytest.raises(NameTaken), atomic_set(tmp_path) as make:
        make("a").write_bytes(b"new")
        make("b")
    assert content(tmp_path) == {"b": b"old"}


# ---- a folder --------------------------------------------------------------------------------------------------------


@posix
def test_a_folder_that_is_made_whole_follows_the_umask_and_is_private_until_then(tmp_path: Path, umask: int) -> None:
    with atomic_folder(tmp_path / "out") as inside:
        (inside / "a").mkdir()
        assert mode(inside.parent) == 0o700 and not (tmp_path / "out").exists()
    assert mode(tmp_path / "out") == mode(tmp_path / "out" / "a") == 0o777 & ~umask


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(ValueError), atomic_folder(tmp_path / "out") as inside:
        (inside / "a").write_bytes(b"1")
        raise ValueError
    with pytest.raises(NameTaken), atomic_folder(tmp_path / "taken") as inside:
        (tmp_path / "taken").mkdir()
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


# ---- after a kill ----------------------------------------------------------------------------------------------------

KILLED = """
import os, sys
from pathlib import Path
from dgdesk.system.atomic import atomic_file
with atomic_file(Path(sys.argv[1])) as part:
    part.write_bytes(b"half")
    part.with_name(part.name + "-journal").write_bytes(b"half")
    part.chmod(0o400)
    os._exit(9)
"""


def kill_at_work(target: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(target)], env=environment, check=False)
    assert done.returncode == 9 and len([*target.parent.rglob("*-journal")]) == 1 and not target.exists()


def test_what_a_killed_process_left_goes_with_the_next_write_of_any_name(thai_path: Path) -> None:
    kill_at_work(thai_path / "น่าน.dgdesk")
    with atomic_file(thai_path / "สตูล.zip") as living:
        living.write_bytes(b"at work")
        assert [path.name for path in thai_path.rglob("*") if path.is_file()] == [".held", living.name]
        atomic_write(thai_path / "พะเยา.zip", b"whole")
        assert living.read_bytes() == b"at work", "what another one is making stays"
    assert content(thai_path) == {"สตูล.zip": b"at work", "พะเยา.zip": b"whole"}


def test_what_a_killed_process_left_is_swept_where_work_begins_again(thai_path: Path) -> None:
    kill_at_work(thai_path / "น่าน.dgdesk")
    sweep_half_made(thai_path)
    assert [*thai_path.iterdir()] == []


AT_ONCE = """
import sys
from pathlib import Path
from dgdesk.system.atomic import atomic_write, sweep_half_made
for number in range(60):
    atomic_write(Path(sys.argv[1]) / f"{sys.argv[2]}-{number}", b"whole")
    sweep_half_made(Path(sys.argv[1]))
"""


def test_many_who_write_and_sweep_at_once_take_nothing_from_each_other(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    command = [sys.executable, "-c", AT_ONCE, str(tmp_path)]
    processes = [subprocess.Popen([*command, str(number)], env=environment) for number in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    assert content(tmp_path) == {f"{one}-{number}": b"whole" for one in range(4) for number in range(60)}


# ---- one writer ------------------------------------------------------------------------------------------------------

ALLOWED = {
    "bundle/archive/zip_write.py": "starts bringing a large bundle to the disk while it is still being written",
    "draft/file/early_sync.py": "brings pages of a draft to the disk while SQLite still writes; it makes no file",
    "draft/file/faults.py": "tells whether the name of a half-made file would be too long; it makes none",
}


def _own_writers(source: str) -> list[int]:
    """Lines that bring to the disk, rename, or name a half-made file by themselves."""
    found = []
    for node in nodes_of(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, of = node.func.attr, node.func.value
            on_os = isinstance(of, ast.Name) and of.id == "os"
            if (on_os and name in ("fsync", "fdatasync", "replace", "rename", "renames", "link")) or (
                name in ("mkstemp", "NamedTemporaryFile")
            ):
                found.append(node.lineno)
            if name in ("with_name", "with_suffix", "joinpath", "open") and _names_a_part(node):
                found.append(node.lineno)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _names_a_part(node.right):
            found.append(node.lineno)
    return found


def _names_a_part(node: ast.AST) -> bool:
    values = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return any(isinstance(one, str) and one.endswith((".part", ".tmp")) for one in values)


def test_nobody_else_writes_files_step_by_step() -> None:
    for line in (
        "os.fsync(stream.fileno())",
        "os.replace(part, target)",
        'part = path.with_name(path.name + ".part")',
        'part = folder / f"{name}.part"',
        'path.with_suffix(".tmp")',
    ):
        assert _own_writers(line), line
    found = {
        name
        for path in SOURCE.rglob("*.py")
        if not (name := path.relative_to(SOURCE).as_posix()).startswith("system/")
        and _own_writers(path.read_text(encoding="utf-8"))
    }
    assert found == {*ALLOWED}, "use dgdesk.system.atomic, or say here why not"


def test_the_hidden_folders_are_known_by_one_name(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "x") as part:
        part.write_bytes(b"")
        (folder,) = tmp_path.iterdir()
        assert folder.name.startswith(atomic.PREFIX) and folder.suffix == atomic.SUFFIX
