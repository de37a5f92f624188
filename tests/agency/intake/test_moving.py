"""Judged files are moved, nothing is written over, and a move that broke off at any moment is finished."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agency.world import NOW, Folders, bundle_of, fill, taken, trust, verdicts
from dgdesk.agency.intake import moving
from dgdesk.agency.intake.looking import look
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import files, submission_lines
from dgdesk.agency.scan import FoundFile
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signing.identity import Identity
from dgdesk.system import moving as system_moving


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    for name in ("ผ่าน", "ไม่ผ่าน"):
        (tmp_path / name).mkdir()
    return Folders(tmp_path / "ผ่าน", tmp_path / "ไม่ผ่าน")


@pytest.fixture
def inbox(tmp_path: Path, signer: Identity) -> Path:
    folder = tmp_path / "inbox"
    (folder / "b").mkdir(parents=True)
    bundle_of(folder / "1.zip", signer, "TH-50")
    bundle_of(folder / "b" / "2.zip", signer, "TH-51")
    (folder / "bad.zip").write_bytes(b"PK\x03\x04")
    (folder / "note.txt").write_text("x")
    return folder


def names(folder: Path | None) -> set[str]:
    assert folder is not None
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_holds_goes_to_one_folder_what_was_refused_to_another_and_the_rest_stays(
    named: str, signer: Identity, stranger: Identity, folders: Folders, tmp_path: Path
) -> None:
    inbox = fill(tmp_path / "inbox", signer, stranger)
    content = {path.name: path.read_bytes() for path in inbox.rglob("*.zip") if not path.is_symlink()}
    with open_ledger(named, make=True) as ledger:
        before = {one.path: one.verdict for one in _known(ledger, inbox, signer)}
        report = taken(ledger, inbox, trust(signer), folders=folders)
        moved = {path for path, verdict in before.items() if verdict in ("accepted", "addendum", "refused")}
        assert report.moves.moved == len(moved) and not report.moves.failed
        assert names(folders.accepted) == {path for path in moved if before[path] != "refused"}
        assert names(folders.rejected) == {path for path in moved if before[path] == "refused"}
        assert {path.name for path in inbox.rglob("*") if not path.is_dir()} == {
            *("note.txt", "half.zip.part", "Thumbs.db", "packed.rar", "link.zip")
        }
        for folder in folders:
            assert folder is not None
            for path in folder.rglob("*.zip"):
                assert path.read_bytes() == content[path.name]
        # What was moved stays known, is not missed, and is found where it is now.
        again = taken(ledger, inbox, trust(signer), folders=folders)
        assert again.judged == 0 and again.looked.missing == 0 and again.moves.moved == 0
        assert all(path.is_file() for line in submission_lines(ledger) for path in [line.file] if path is not None)


def _known(ledger: object, inbox: Path, signer: Identity) -> list[object]:
    from dgdesk.agency.ledger.database import Ledger

    assert isinstance(ledger, Ledger)
    taken(ledger, inbox, trust(signer))
    return list(files(ledger))


def test_nothing_is_written_over(named: str, signer: Identity, inbox: Path, folders: Folders) -> None:
    assert folders.accepted is not None
    (folders.accepted / "1.zip").write_text("somebody's")
    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trust(signer), folders=folders)
        # Another file comes under the same name, and goes beside the first.
        bundle_of(inbox / "1.zip", signer, "TH-52")
        taken(ledger, inbox, trust(signer), folders=folders)
        assert names(folders.accepted) == {"1.zip", "1 (2).zip", "1 (3).zip", "b/2.zip"}
        assert (folders.accepted / "1.zip").read_text() == "somebody's"
        rows = [one.moved_to.rpartition("/")[2] for one in files(ledger) if one.path == "1.zip"]
        assert sorted(rows) == ["1 (2).zip", "1 (3).zip"]


def test_a_refused_file_that_was_written_just_now_stays_for_it_may_still_be_copied(
    named: str, signer: Identity, inbox: Path, folders: Folders
) -> None:
    with open_ledger(named, make=True) as ledger:
        report = taken(ledger, inbox, trust(signer), folders=folders, quiet=0.5)
        assert report.moves == moving.Moves(3, 0, ())  # it was waited for
        (inbox / "late.zip").write_bytes(b"PK\x03\x04")
        os.utime(inbox / "late.zip", (2e9, 2e9))  # by a clock that is ahead
        report = taken(ledger, inbox, trust(signer), folders=folders, quiet=0.5)
        assert report.moves == moving.Moves(0, 1, ()) and (inbox / "late.zip").exists()


class Killed(BaseException):
    """The process ended here."""


def before_it(move: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    def killed(source: Path, target: Path) -> None:
        raise Killed

    return killed


def after_it(move: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    def killed(source: Path, target: Path) -> None:
        move(source, target)
        raise Killed

    return killed


def linked(move: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    def killed(source: Path, target: Path) -> None:
        os.link(source, target)
        raise Killed

    return killed


def copied(move: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    def killed(source: Path, target: Path) -> None:
        shutil.copy2(source, target)
        raise Killed

    return killed


def taken_by_another(move: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    def killed(source: Path, target: Path) -> None:
        target.write_text("somebody's")
        raise Killed

    return killed


@pytest.mark.parametrize("moment", [before_it, after_it, linked, copied, taken_by_another])
def test_a_move_that_broke_off_is_finished_by_the_next_intake(
    named: str,
    signer: Identity,
    inbox: Path,
    folders: Folders,
    moment: Callable[[Callable[[Path, Path], None]], Callable[[Path, Path], None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = {path.read_bytes() for path in inbox.rglob("*.zip")}
    with open_ledger(named, make=True) as ledger, monkeypatch.context() as patch:
        patch.setattr(moving, "move_new", moment(moving.move_new))
        with pytest.raises(Killed):
            taken(ledger, inbox, trust(signer), folders=folders, lease=1)
    with open_ledger(named) as ledger:
        for _ in range(2):
            report = taken(ledger, inbox, trust(signer), folders=folders)
        assert not report.moves.failed
        assert {path.name for path in inbox.rglob("*") if path.is_file()} == {"note.txt"}
        there = [path.read_bytes() for folder in folders if folder for path in folder.rglob("*") if path.is_file()]
        others = [one for one in there if one == b"somebody's"]
        assert len(there) - len(others) == 3 and set(there) - set(others) == content
        assert all(one.moved_to for one in files(ledger) if one.verdict in ("accepted", "refused"))
        assert verdicts(ledger)["1.zip"] == "accepted"


@pytest.mark.parametrize("sees", ["nothing", "a file that is gone when it is opened", "a file that cannot be opened"])
def test_a_look_that_began_before_a_move_takes_nothing_from_the_one_who_finishes_it(
    named: str, signer: Identity, inbox: Path, folders: Folders, sees: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has read the ledger; then another worker moves the files, and is killed before it can write so."""
    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trust(signer))
        before = {one.path: (one.verdict, one.judged) for one in files(ledger)}
        assert before["1.zip"][0] == "accepted"

        def listed(known: object) -> Iterator[FoundFile]:
            with open_ledger(named) as other, monkeypatch.context() as patch:
                patch.setattr(moving, "move_new", after_it(moving.move_new))
                with pytest.raises(Killed):
                    moving.move_judged(other, {"a": inbox}, folders, lease=1, quiet=0.0)
            gone = next(inbox / path for path in before if not (inbox / path).exists())
            if sees != "nothing":
                yield FoundFile(gone, "unreadable", BundleProblem("inbox.unreadable"))
            if sees == "a file that cannot be opened":
                gone.mkdir()  # something is there, and it is not the file

        look(ledger, "a", inbox, tried="", verifier="test", now=NOW, found=listed, concerns=before.__contains__)
        if sees == "a file that cannot be opened":
            next(path for path in inbox.glob("*.zip") if path.is_dir()).rmdir()
        report = taken(ledger, inbox, trust(signer), folders=folders)
        assert not report.moves.failed
        after = {one.path: one for one in files(ledger)}
        assert {path: (one.verdict, one.judged) for path, one in after.items()} == before
        assert all(Path(one.moved_to).is_file() for one in after.values() if one.verdict in ("accepted", "refused"))


def test_onto_another_drive_a_file_is_copied_compared_and_then_removed(
    named: str, signer: Identity, inbox: Path, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = system_moving.name_new

    def other_drive(source: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(system_moving, "name_new", other_drive)
    times = {path.name: path.stat().st_mtime_ns for path in inbox.rglob("*.zip")}
    content = {path.name: path.read_bytes() for path in inbox.rglob("*.zip")}
    with open_ledger(named, make=True) as ledger:
        report = taken(ledger, inbox, trust(signer), folders=folders)
        assert report.moves.moved == 3 and real is not system_moving.name_new
        for folder in folders:
            assert folder is not None
            for path in folder.rglob("*.zip"):
                assert (path.stat().st_mtime_ns, path.read_bytes()) == (times[path.name], content[path.name])


def test_what_cannot_be_moved_stays_and_is_named(
    named: str, signer: Identity, inbox: Path, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        if source.name == "1.zip":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        system_moving.move_new(source, target)

    monkeypatch.setattr(moving, "move_new", full)
    with open_ledger(named, make=True) as ledger:
        report = taken(ledger, inbox, trust(signer), folders=folders)
        ((path, error),) = report.moves.failed
        assert (path, error.code) == (inbox / "1.zip", "intake.no_space") and report.moves.moved == 2
        assert not report.holds
        monkeypatch.undo()
        assert taken(ledger, inbox, trust(signer), folders=folders).moves.moved == 1
