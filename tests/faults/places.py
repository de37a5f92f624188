"""Faults, places: disks, folders, locks and clocks that really fail, as far as this computer lets us make them."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dgdesk.draft.file import database
from faults import mounts
from faults.operations import Desk, Operation
from faults.shim import Action, Call
from faults.world import NOW, World

Judge = Callable[..., str]
Setting = Callable[[Desk, Operation], Callable[[], None]]
"""Brings the fault about, after `Operation.prepare`, and returns what ends it."""

AT_WORK = ("answer", "long answer", "undo", "redo", "attach", "attach several", "compact", "compact all")
MAKING = ("backup", "export", "carry out")
APART = ("print", "settings", "identity", "new", "open", "read", "migrate", "command set", "command attach")
FROM_OUTSIDE = ("open", "migrate", "command set", "command attach")

FULL = frozenset(
    {
        "done", "told", "package.disk_full", "package.disk_error", "target.disk_full", "print.not_written",
        "print.signoff_not_written", "settings.unwritable", "identity.not_written",
    }
)  # fmt: skip
READ_ONLY = frozenset(
    {
        "told",
        "package.read_only_place",
        "print.not_written",
        "settings.unwritable",
        "identity.not_written",
        "target.read_only",
        "target.forbidden",
    }
)
GONE = frozenset(
    {
        "done", "told", "package.moved", "package.missing", "package.folder_missing", "package.disk_error",
        "package.read_only_place", "package.cannot_open", "bundle.no_folder", "bundle.not_written",
        "print.not_written", "settings.unwritable", "identity.not_written", "target.forbidden", "target.broken",
        "target.no_folder",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A fault, the operations it strikes, what they may say, and whether they can still tidy up."""

    names: tuple[str, ...]
    setting: Setting
    codes: frozenset[str]
    size: int = 0
    """Of a file system of its own in memory; 0: none is needed."""
    leaves: bool = False
    needs_shim: bool = False

    def operations(self, known: Iterable[str], shim: bool) -> list[str]:
        """Names of the operations; none where it cannot be made here."""
        return [] if self.why_not(shim) else [name for name in self.names if name in known]

    def why_not(self, shim: bool) -> str:
        """Why it cannot be made here, or an empty text."""
        if self.needs_shim and not shim:
            return "no shim"
        if self.size and not mounts.possible():
            return "no mounts of one's own here (needs root, or user namespaces)"
        return ""

    def run(self, world: World, operation: Operation, folder: Path, judge: Judge) -> str:
        """Run one operation here."""
        if self.size:
            assert mounts.enter()
            mounts.memory(folder, self.size)
        home = folder / "desk"
        home.mkdir()
        desk = Desk(world, home)
        shutil.copyfile(world.base(operation.base), desk.path)
        operation.prepare(desk)
        with ExitStack() as stack:
            stack.callback(self.setting(desk, operation))
            return judge(desk, operation, stack.close, leaves=self.leaves, codes=self.codes)


def _fill(free: int) -> Setting:
    def setting(desk: Desk, _: Operation) -> Callable[[], None]:
        filler = desk.folder.parent / "filler"
        with filler.open("wb", buffering=0) as stream:
            try:
                while True:
                    stream.write(bytes(1 << 16))
            except OSError as error:
                assert error.errno == errno.ENOSPC
            stream.truncate(max(0, stream.tell() - free))
        return lambda: filler.unlink(missing_ok=True)

    return setting


def _limit(extra: int) -> Setting:
    def setting(desk: Desk, _: Operation) -> Callable[[], None]:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (desk.path.stat().st_size + extra, before[1]))
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return setting


def _read_only_disk(desk: Desk, _: Operation) -> Callable[[], None]:
    mounts.read_only(desk.folder.parent, True)
    return lambda: mounts.read_only(desk.folder.parent, False)


def _read_only_file(desk: Desk, _: Operation) -> Callable[[], None]:
    mounts.onto_itself(desk.path)
    mounts.read_only(desk.path, True)
    return lambda: mounts.read_only(desk.path, False)


def _pulled(desk: Desk, _: Operation) -> Callable[[], None]:
    here = desk.folder.parent
    elsewhere = here.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    mounts.move(here, elsewhere)

    def back() -> None:
        if not desk.path.exists():
            mounts.move(elsewhere, here)

    return back


def _renamed_folder(desk: Desk, _: Operation) -> Callable[[], None]:
    away = desk.folder.with_name("renamed")
    desk.folder.rename(away)

    def back() -> None:
        if away.exists():
            desk.folder.rename(desk.folder.with_name("new ones")) if desk.folder.exists() else None
            away.rename(desk.folder)

    return back


def _moved_file(desk: Desk, _: Operation) -> Callable[[], None]:
    away = desk.folder.parent / "away.dgdesk"
    desk.path.rename(away)

    def back() -> None:
        if away.exists():
            assert not desk.path.exists(), "a file was made in the place of the one that was moved"
            away.rename(desk.path)

    return back


def _replaced_file(desk: Desk, _: Operation) -> Callable[[], None]:
    away = desk.folder.parent / "away.dgdesk"
    desk.path.rename(away)
    other = desk.world.base("empty").read_bytes()
    desk.path.write_bytes(other)

    def back() -> None:
        if away.exists():
            assert desk.path.read_bytes() == other, "the file that took the place was written to"
            os.replace(away, desk.path)

    return back


def _held(desk: Desk, operation: Operation) -> Callable[[], None]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        from dgdesk.draft.file.lock import acquire, this_process

        with acquire(desk.path, this_process("วิไล", datetime(2026, 11, 20, tzinfo=UTC))):
            os.write(write, b"x")
            signal.pause()
        os._exit(0)
    assert os.read(read, 1) == b"x"
    os.close(read)
    os.close(write)

    def release() -> None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        desk.path.with_name(desk.path.name + ".lock").unlink(missing_ok=True)

    return release


def _locked_by_other_program(statement: str) -> Setting:
    def setting(desk: Desk, _: Operation) -> Callable[[], None]:
        # In a process of its own: POSIX knows one lock of a file for a whole process.
        database._WAIT_SECONDS = 0.1
        desk.close()
        desk_open = desk.path
        code = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            f"c.execute({statement!r}); c.execute('SELECT count(*) FROM state').fetchall()\n"
            "print('held', flush=True); sys.stdin.read()"
        )
        holder = subprocess.Popen(
            [sys.executable, "-c", code, str(desk_open)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"

        def release() -> None:
            holder.kill()
            holder.communicate()

        return release

    return setting


def _busy_at_work(desk: Desk, operation: Operation) -> Callable[[], None]:
    desk.close()
    database._WAIT_SECONDS = 0.1
    operation.prepare(desk)
    reader = sqlite3.connect(desk.path, isolation_level=None)  # this process keeps it: SQLite knows its own locks
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM state").fetchall()
    return reader.close


def _left_lock(make: Callable[[Path], object]) -> Setting:
    def setting(desk: Desk, _: Operation) -> Callable[[], None]:
        lock = desk.path.with_name(desk.path.name + ".lock")
        make(lock)

        def end() -> None:
            if lock.is_dir():
                lock.rmdir()
            elif lock.is_symlink():
                assert lock.resolve().read_text() == "somebody's", "the link was followed"
                lock.unlink()

        return end

    return setting


def _link(lock: Path) -> None:
    other = lock.parent.parent / "other.txt"
    other.write_text("somebody's")
    lock.symlink_to(other)


def _clock(moment: datetime) -> Setting:
    def setting(desk: Desk, _: Operation) -> Callable[[], None]:
        desk.now = desk.world.now = moment
        if desk.draft is not None:
            desk.draft.package._clock = lambda: moment

        def end() -> None:
            desk.now = desk.world.now = NOW
            if desk.draft is not None:
                numbers = [record.number for record in desk.draft.package.history()]
                assert numbers == sorted(numbers, reverse=True)

        return end

    return setting


def _unreadable_source(desk: Desk, _: Operation) -> Callable[[], None]:
    shim = desk.world.shim
    shim.arm(desk.world.sources, Call.READ, 3, Action.FAIL_ON, errno.EIO)
    return shim.disarm


_HELD = frozenset({"package.held", "told"})
_LOCK_TEXT = '{"user": "วิไล", "host": "PC", "pid": 1, "since": "2026-01-01T00:00:00+00:00"}'
_MANY = (*AT_WORK, *MAKING, *APART)
# Settings and identities lie in the profile, whose folders are made when they are missing.
_ON_STICK = tuple(name for name in _MANY if name not in ("settings", "identity"))

PLACES: Mapping[str, Place] = {
    **{
        f"disk full, {free >> 10} KiB free": Place(_MANY, _fill(free), FULL, size=12 << 20)
        for free in (0, 40 << 10, 400 << 10)
    },
    **{
        f"file size limit, {extra >> 10} KiB more": Place(_MANY, _limit(extra), FULL | {"bundle.not_written"})
        for extra in (0, 200 << 10)
    },
    "read-only disk": Place(tuple(name for name in APART if name != "read"), _read_only_disk, READ_ONLY, size=12 << 20),
    "read-only disk, reading": Place(("read",), _read_only_disk, frozenset({"done"}), size=12 << 20),
    "read-only file": Place(FROM_OUTSIDE, _read_only_file, READ_ONLY, size=12 << 20),
    "read-only file, reading": Place(("read",), _read_only_file, frozenset({"done"}), size=12 << 20),
    "stick pulled": Place(_ON_STICK, _pulled, GONE, size=12 << 20, leaves=True),
    "folder renamed": Place(_ON_STICK, _renamed_folder, GONE, leaves=True),
    "file moved while open": Place((*AT_WORK, *MAKING), _moved_file, frozenset({"package.moved", "done"})),
    "file replaced while open": Place(
        (*AT_WORK, *MAKING), _replaced_file, frozenset({"package.moved", "package.changed_underneath", "done"})
    ),
    "second writer": Place(FROM_OUTSIDE, _held, _HELD),
    "second writer, reading": Place(("read",), _held, frozenset({"done"})),
    "other program reads": Place(("answer", "undo", "attach"), _busy_at_work, frozenset({"package.busy"})),
    "other program writes": Place(
        FROM_OUTSIDE, _locked_by_other_program("BEGIN EXCLUSIVE"), frozenset({"package.busy", "told"})
    ),
    "lock left: empty": Place(FROM_OUTSIDE, _left_lock(lambda lock: lock.write_bytes(b"")), frozenset({"done"})),
    "lock left: of a dead one": Place(
        FROM_OUTSIDE, _left_lock(lambda lock: lock.write_text(_LOCK_TEXT, "utf-8")), frozenset({"done"})
    ),
    "lock left: garbage": Place(
        FROM_OUTSIDE, _left_lock(lambda lock: lock.write_bytes(bytes(range(256)) * 999)), frozenset({"done"})
    ),
    "lock left: a folder": Place(
        FROM_OUTSIDE,
        _left_lock(Path.mkdir),
        frozenset({"package.beside_set_aside", "package.disk_error", "package.read_only_place", "told"}),
    ),
    "lock left: a link": Place(
        FROM_OUTSIDE, _left_lock(_link), frozenset({"package.beside_set_aside", "package.disk_error", "told"})
    ),
    "evidence on a bad disk": Place(
        ("attach", "attach several", "command attach"),
        _unreadable_source,
        frozenset({"package.source_unreadable", "evidence.unreadable", "told"}),
        needs_shim=True,
    ),
    "clock went back": Place(
        (*AT_WORK, "backup", "carry out", "open", "migrate"),
        _clock(datetime(2001, 1, 1, tzinfo=UTC)),
        frozenset({"done"}),
    ),
    "clock before the identity": Place(
        ("export",), _clock(datetime(2001, 1, 1, tzinfo=UTC)), frozenset({"identity.not_yet_valid"})
    ),
}
