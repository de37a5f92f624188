"""A folder that goes away, changes, stalls or comes twice while it is imported: each file whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading

import pytest

from dgdesk.draft.drafts import open_draft
from dgdesk.errors import FileError
from dgdesk.folders.import_folder import import_files, plan_folder
from dgdesk.system.progress import Progress

from .conftest import NOW

SIZES = {"P1.3 แผน.txt": 10, "P1.5 คำสั่ง.txt": 1 << 20, "G1 รายงาน.txt": (2 << 20) + 5, "P1.1 ประกาศ.txt": 70_000}


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "หลักฐาน"
    made.mkdir()
    for number, (name, size) in enumerate(SIZES.items()):
        (made / name).write_bytes(f"{number}".encode() * size)
    return made


def whole(draft, folder_contents):
    """Every attached file is one of the folder's, and sound."""
    stored = {one.sha256 for one in draft.package.files()}
    attached = {one.sha256 for some in draft.session.state.facts.evidence.values() for one in some}
    assert attached <= stored <= folder_contents and not draft.package.check()
    return attached


def digests(folder):
    return {hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.is_file()}


def at_byte(wanted, act):
    left = [act]

    def step(done, total):
        if done >= wanted and left:
            left.pop()()

    return Progress(step)


@pytest.mark.parametrize("wanted", [0, 5, 1 << 20, 3 << 20])
def test_a_stick_that_is_pulled_out_leaves_whole_files(draft, folder, wanted):
    before, plan = digests(folder), plan_folder(draft.session, folder)
    done = import_files(draft.session, folder, plan, progress=at_byte(wanted, lambda: shutil.rmtree(folder)))
    assert len(done.attached) + len(done.failed) == len(plan.to_attach) >= 3
    assert {error.code for _, error in done.failed} <= {"evidence.unreadable", "package.source_unreadable"}
    assert len(whole(draft, before)) == len(done.attached)


@pytest.mark.skipif(os.name != "posix", reason="pipes and links of POSIX")
@pytest.mark.parametrize("kind", ["pipe", "folder", "circle", "device"])
def test_what_stands_in_a_file_s_place_by_then_is_refused(draft, folder, kind):
    plan = plan_folder(draft.session, folder)
    path = folder / "P1.5 คำสั่ง.txt"
    path.unlink()
    {
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "circle": lambda: path.symlink_to(path),
        "device": lambda: path.symlink_to("/dev/zero"),
    }[kind]()
    done = import_files(draft.session, folder, plan)
    assert [(item.found.path.name, error.code) for item, error in done.failed] == [(path.name, "evidence.unreadable")]
    assert len(done.attached) == len(plan.to_attach) - 1


def test_the_same_folder_twice_attaches_nothing_more(draft, folder):
    first = import_files(draft.session, folder, plan_folder(draft.session, folder))
    number, size = draft.package.state_counter, draft.path.stat().st_size
    again = plan_folder(draft.session, folder)
    second = import_files(draft.session, folder, again)
    assert len(first.attached) >= 3 and second.attached == second.failed == ()
    assert (draft.package.state_counter, draft.path.stat().st_size) == (number, size)


def test_a_cancel_at_any_moment_leaves_whole_files(make_draft, folder):
    contents, moment, stopped = digests(folder), 0, True
    while stopped:
        draft, asked = make_draft(f"d{moment}"), []
        plan = plan_folder(draft.session, folder)

        def is_cancelled(asked=asked, moment=moment):
            asked.append(None)
            return len(asked) > moment

        done = import_files(draft.session, folder, plan, progress=Progress(None, is_cancelled))
        stopped = done.stopped
        assert len(whole(draft, contents)) == len(done.attached)
        draft.close()
        moment += 4
    assert moment > 8 and not done.failed


def test_a_draft_that_another_program_changes_ends_the_import_in_one_sentence(draft, folder, tmp_path):
    older = draft.path.read_bytes()
    draft.session.answer("g1", "no")
    plan = plan_folder(draft.session, folder)
    contents = digests(folder)
    with pytest.raises(FileError) as caught:
        import_files(draft.session, folder, plan, progress=at_byte(3 << 20, lambda: draft.path.write_bytes(older)))
    assert caught.value.code == "package.changed_underneath"
    kept = draft.path.with_name(str(caught.value.values["kept"]))
    acknowledged = {one.sha256 for some in draft.session.state.facts.evidence.values() for one in some}
    draft.close()
    with open_draft(kept, clock=lambda: NOW, who="x", read_only=True) as copy:
        assert whole(copy, contents) == acknowledged
        assert copy.session.state.facts.answers["g1"] == "no"
    assert draft.path.read_bytes() == older


def test_while_a_share_stalls_the_draft_can_be_read(draft):
    """Reading stands still; the window reads what it shows, and its changes wait."""

    class Stalled:
        name = "ค้าง.pdf"

        def __init__(self):
            self.stalls, self.goes_on = threading.Event(), threading.Event()

        def seekable(self):
            return False

        def readinto(self, buffer):
            self.stalls.set()
            assert self.goes_on.wait(20)
            raise OSError("the share is gone")

    source, outcome = Stalled(), []
    work = threading.Thread(
        target=lambda: draft.package.attach_files([source], lambda found: outcome.extend(found) or [], "attach")
    )
    work.start()
    try:
        assert source.stalls.wait(20)
        assert draft.package.busy and draft.package.answers()["g1"] == "yes"
        assert not draft.package.look_underneath()
    finally:
        source.goes_on.set()
        work.join()
    assert outcome[0].code == "package.source_unreadable"
    draft.session.answer("g1", "no")
