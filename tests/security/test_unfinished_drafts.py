"""A draft that holds half of a change is noticed: on opening where its length tells, and before anything leaves it."""

from __future__ import annotations

import io
import itertools
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.cli.main import main
from dgdesk.draft.drafts import new_draft, open_draft, repair_draft
from dgdesk.draft.file import trial
from dgdesk.draft.file.faults import database_faults
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.draft.file.schema import SHRINKING
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import DgdeskError, FileError
from dgdesk.submission.export import export_draft
from dgdesk.text.messages import load_catalogue
from rows import attached
from security.hostile_files import beside, kill_midway, page_of, write_tables

Clock = Callable[[], datetime]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
FILES = {"s1": 700_000, "s2": 300_000}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "a.dgdesk"
    at = datetime.fromisoformat("2026-11-20T09:30+07:00")
    with create_draft_file(
        path, definition=b"{}", meta={"edition": "th-province-2568"}, clock=lambda: at, who="ก"
    ) as one:
        one.apply([Edit("answer", f"q{number}", None, "yes" * number) for number in range(200)], "answer")
        for slot, size in FILES.items():
            attach(one, slot, random.Random(slot).randbytes(size))
    return path


@pytest.fixture
def draft(tmp_path: Path, sound: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path))


def attach(package: DraftFile, slot: str, content: bytes) -> None:
    def edit(stored: Any) -> Edit:
        return attached(slot, stored.sha256)

    package.attach_file(io.BytesIO(content), edit, "attach")


def told(path: Path, clock: Clock, *, read_only: bool = False) -> str:
    """The code of what is told on opening, and before something is handed out; "" where all is well."""
    try:
        with open_draft_file(path, clock=clock, who="ก", read_only=read_only) as package:
            package.require_sound()
            if damages := package.check():
                assert damages[0].code in ("package.check_file", "package.check_missing_file")  # told when it is read
                return "package.unfinished"
    except DgdeskError as error:
        assert load_catalogue("th").error(error) and load_catalogue("en").error(error)
        return error.code
    return ""


def refused_and_saved(path: Path, clock: Clock) -> int:
    """Refused to write and to read, and left as it is; how many answers repair saves."""
    before = path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(DgdeskError) as caught:
            open_draft_file(path, clock=clock, who="ก", read_only=read_only).close()
        assert caught.value.code == "package.unfinished"
    assert path.read_bytes() == before
    done = repair_draft(path, path.with_name("repaired.dgdesk"), clock=clock, who="ก")
    assert told(done.path, clock) == ""
    return done.answers


def test_a_draft_killed_midway_and_copied_without_its_journal_is_refused(draft: Path, clock: Clock) -> None:
    kill_midway(draft)
    alone = draft.with_name("alone.dgdesk")
    shutil.copy(draft, alone)
    assert refused_and_saved(alone, clock) >= 200
    assert told(draft, clock) == ""  # which has its journal


def test_one_to_which_pages_were_only_added_is_refused_too(draft: Path, clock: Clock) -> None:
    with draft.open("ab") as stream:
        stream.write(bytes(3 * page_of(draft)))
    assert refused_and_saved(draft, clock) == 202


@pytest.mark.parametrize("more", [1, 511])
def test_bytes_at_the_end_that_are_no_page_are_noticed(draft: Path, clock: Clock, more: int) -> None:
    with draft.open("ab") as stream:
        stream.write(b"x" * more)
    assert refused_and_saved(draft, clock) == 202


def test_one_that_ends_too_early_is_refused(draft: Path, clock: Clock) -> None:
    data = draft.read_bytes()
    for missing in (1, page_of(draft), len(data) // 2):
        draft.write_bytes(data[:-missing])
        assert told(draft, clock) in ("package.damaged", "package.unfinished")
        assert told(draft, clock, read_only=True) in ("package.damaged", "package.unfinished")


def test_one_that_was_killed_before_it_was_cut_to_its_new_size_is_whole(draft: Path, clock: Clock) -> None:
    write_tables(draft, [f"INSERT INTO meta VALUES ('{SHRINKING}', '')"])
    with draft.open("ab") as stream:
        stream.write(random.Random(1).randbytes(5 * page_of(draft)))
    assert told(draft, clock, read_only=True) == "" and told(draft, clock) == ""
    with open_draft_file(draft, clock=clock, who="ก") as package:
        assert SHRINKING not in package.meta
        package.compact()
        assert package.check() == ()
    with closing(sqlite3.connect(draft)) as base:
        assert base.execute("SELECT count(*) FROM meta WHERE key = ?", (SHRINKING,)).fetchone() == (0,)
        (pages,) = base.execute("PRAGMA page_count").fetchone()
    assert draft.stat().st_size == pages * page_of(draft)


def content(path: Path, clock: Clock) -> Any:
    with open_draft_file(path, clock=clock, who="ก", read_only=True) as package:
        attached = [one["sha256"] for files in package.evidence().values() for one in files]
        kept = [len(b"".join(package.read_file(sha256))) for sha256 in attached]
        return package.answers(), package.evidence(), package.history(1000), kept, len(package.exports())


def some_answers(package: DraftFile) -> None:
    package.apply([Edit("answer", "q7", "yes" * 7, "no"), Edit("answer", "q190", "yes" * 190, None)], "answer")


def a_small_file(package: DraftFile) -> None:
    attach(package, "s3", b"small")


def an_undo(package: DraftFile) -> None:
    package.undo()


def an_export(package: DraftFile) -> None:
    package.register_export({"digest": "ab"})


@pytest.mark.parametrize("change", [some_answers, a_small_file, an_undo, an_export])
def test_every_mixture_of_two_states_of_the_file_is_noticed(
    draft: Path, clock: Clock, change: Callable[[DraftFile], None]
) -> None:
    """Copied without its journal in the middle of its last moments, with some pages new and others old."""
    size = page_of(draft)
    before, states = draft.read_bytes(), [content(draft, clock)]
    with open_draft_file(draft, clock=clock, who="ก") as package:
        change(package)
    states.append(content(draft, clock))
    after = draft.read_bytes()
    changed = [at for at in range(0, len(after), size) if before[at : at + size] != after[at : at + size]]
    mixtures = list(itertools.product((False, True), repeat=len(changed)))
    mixtures = random.Random(3).sample(mixtures, min(40, len(mixtures)))
    noticed = 0
    for new in mixtures:
        data = bytearray(before.ljust(len(after), b"\0") if any(new[1:]) else before)
        for at in itertools.compress(changed, new):
            data[at : at + size] = after[at : at + size]
        draft.write_bytes(data)
        code = told(draft, clock, read_only=True)
        assert code in ("", "package.unfinished", "package.damaged")
        assert code or content(draft, clock) in states, new
        noticed += bool(code)
    assert noticed > len(mixtures) // 2 or change is an_export


def older_and_newer(draft: Path, clock: Clock, change: Callable[[DraftFile], None]) -> bytes:
    """Change a draft, which returns the bytes it had before."""
    before = draft.read_bytes()
    with open_draft_file(draft, clock=clock, who="ก") as package:
        change(package)
    return before


def answer(package: DraftFile) -> None:
    package.apply([Edit("answer", "q1", package.answers()["q1"], f"no {package.state_counter}")], "answer")


def two_answers(package: DraftFile) -> None:
    answer(package)
    answer(package)


def more_evidence(package: DraftFile) -> None:
    attach(package, "s3", b"x" * 900_000)


@pytest.mark.parametrize("change", [answer, two_answers, more_evidence])
def test_an_older_copy_beside_a_newer_journal_is_not_mixed_with_it(
    draft: Path, clock: Clock, change: Callable[[DraftFile], None]
) -> None:
    older = older_and_newer(draft, clock, change)
    kill_midway(draft)
    draft.write_bytes(older)
    assert told(draft, clock) == "package.beside_set_aside"
    assert draft.read_bytes() == older and told(draft, clock) == ""


def test_a_newer_copy_beside_an_older_journal_is_not_mixed_with_it(draft: Path, clock: Clock) -> None:
    kill_midway(draft)
    journal = beside(draft, "-journal").read_bytes()
    assert told(draft, clock) == ""
    older_and_newer(draft, clock, two_answers)
    newer = draft.read_bytes()
    beside(draft, "-journal").write_bytes(journal)
    assert told(draft, clock) == "package.beside_set_aside"
    assert draft.read_bytes() == newer and told(draft, clock) == ""


def test_a_journal_with_damaged_pages_makes_no_sound_draft(draft: Path, clock: Clock) -> None:
    """The sums in a journal leave out 199 of 200 bytes: what was taken back is looked at before it counts as opened."""
    kill_midway(draft)
    size = page_of(draft)
    journal = bytearray(beside(draft, "-journal").read_bytes())
    for at in range(512, len(journal) - size, size + 8):
        number = int.from_bytes(journal[at : at + 4], "big")
        if number > 1:
            journal[at + 4] ^= 0xFF  # what kind of page it is
    beside(draft, "-journal").write_bytes(journal)
    before = draft.read_bytes()
    for read_only in (True, False):
        assert told(draft, clock, read_only=read_only) == "package.unfinished"
        assert (draft.read_bytes(), beside(draft, "-journal").read_bytes()) == (before, bytes(journal))


def test_a_journal_that_fits_but_is_of_another_copy_is_found_out_by_trying(draft: Path, clock: Clock) -> None:
    """Two copies worked on apart count their changes alike; each looks like the other's next state."""
    kill_midway(draft)
    journal = beside(draft, "-journal").read_bytes()
    assert told(draft, clock) == ""
    with open_draft_file(draft, clock=clock, who="ก") as package:
        more_evidence(package)
    newer = draft.read_bytes()
    for read_only in (True, False):
        beside(draft, "-journal").write_bytes(journal)
        assert told(draft, clock, read_only=read_only) == "package.beside_set_aside"
        assert draft.read_bytes() == newer and told(draft, clock) == ""
    beside(draft, "-journal").write_bytes(journal)
    done = repair_draft(draft, draft.with_name("repaired.dgdesk"), clock=clock, who="ก")
    assert [loss.code for loss in done.losses] == ["repair.journal"] and done.files == 3


def test_where_a_change_cannot_be_tried_it_is_taken_back_and_then_looked_at(
    draft: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise FileError("package.disk_full", name=target.name, path=str(target))

    before = draft.read_bytes()
    kill_midway(draft)
    monkeypatch.setattr(trial, "copy_bytes", full)
    assert told(draft, clock, read_only=True) == "package.disk_full"
    assert told(draft, clock) == "" and draft.read_bytes() == before


@pytest.mark.parametrize("written", range(1, 12))
def test_a_journal_whose_mark_was_torn_is_the_drafts_own(draft: Path, clock: Clock, written: int) -> None:
    """The mark and the count behind it are written last, before the draft is touched: nothing has to be taken back."""
    before = draft.read_bytes()
    kill_midway(draft)
    draft.write_bytes(before)
    journal = bytearray(beside(draft, "-journal").read_bytes())
    journal[written:12] = bytes(12 - written)
    beside(draft, "-journal").write_bytes(journal)
    assert told(draft, clock, read_only=True) == "" and told(draft, clock) == ""
    assert draft.read_bytes() == before and not beside(draft, "-journal").exists()


# -- the disk --------------------------------------------------------------------------------------------------------


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """A disk on which no file can be written beyond some byte: full, for whatever would grow."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@POSIX
@pytest.mark.parametrize("extra", [0, 1, 16_384, 100_000, 1_500_000, 2_800_000, 3_200_000])
def test_when_a_full_disk_is_told_the_file_is_whole_already(draft: Path, clock: Clock, extra: int) -> None:
    """Whoever copies it then, or pulls the stick, has all that was there before."""
    before = draft.read_bytes()
    content = random.Random(2).randbytes(4_000_000)
    alone = draft.with_name("alone.dgdesk")
    with open_draft_file(draft, clock=clock, who="ก") as package:
        with no_file_larger_than(len(before) + extra), pytest.raises(DgdeskError) as caught:
            attach(package, "s3", content)
        assert caught.value.code in ("package.disk_full", "package.disk_error")
        alone.write_bytes(draft.read_bytes())  # while the window stays open
        assert not beside(draft, "-journal").exists()
        assert told(alone, clock) == ""
        assert alone.read_bytes() == before
        attach(package, "s3", content)
        assert package.check() == ()
    assert told(draft, clock) == ""


@POSIX
def test_where_even_that_cannot_be_taken_back_it_is_told_and_done_later(draft: Path, clock: Clock) -> None:
    before = draft.read_bytes()
    disk = ExitStack()

    class Source(io.BytesIO):
        """While it is read, the disk ceases to take anything."""

        def readinto(self, room: Any) -> int:
            if self.tell() > 6_000_000:
                disk.enter_context(no_file_larger_than(0))
            return super().readinto(room)

    package = open_draft_file(draft, clock=clock, who="ก")
    with disk, pytest.raises(DgdeskError) as caught:
        package.attach_file(
            Source(random.Random(2).randbytes(9_000_000)), lambda one: attached("s3", one.sha256), "attach"
        )
    assert caught.value.code == "package.not_taken_back"
    assert load_catalogue("th").error(caught.value)
    assert beside(draft, "-journal").exists()
    answer(package)  # the disk is there again
    assert package.check() == () and "s3" not in package.evidence()
    package.close()
    assert told(draft, clock) == "" and len(draft.read_bytes()) == len(before)


def test_too_much_memory_is_told_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.dgdesk"
    path.write_bytes(b"x")
    with pytest.raises(DgdeskError) as caught, database_faults(path):
        raise MemoryError
    assert caught.value.code == "package.damaged"


# -- what leaves a draft -----------------------------------------------------------------------------------------------


def test_nothing_is_exported_of_a_draft_whose_history_is_not_its_content(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "น่าน.dgdesk"
    identity = create_identity(tmp_path / "id", person="สมชาย ใจดี", province="น่าน", passphrase=None, now=clock())
    with new_draft(path, clock=clock, who="ก", respondent="TH-55") as draft:
        draft.session.answer("g1", "yes")
    write_tables(path, ["UPDATE state SET value = '\"no\"' WHERE target = 'g1'"])
    with open_draft(path, clock=clock, who="ก") as draft, pytest.raises(DgdeskError) as caught:
        export_draft(draft, tmp_path / "a.zip", identity=identity, reason="แก้ไข", claimed_time=clock(), as_draft=True)
    assert caught.value.code == "package.unfinished"
    assert not (tmp_path / "a.zip").exists()
    assert main(["evidence", "export", str(path), str(tmp_path / "out")], io.StringIO(), err := io.StringIO()) == 3
    assert len(err.getvalue().splitlines()) == 1 and not (tmp_path / "out").exists()
