"""What is found in a folder, whatever lies there: each thing is a file to attach, or passed over with a reason."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgdesk.draft.drafts import Draft
from dgdesk.errors import FileError, UsageError
from dgdesk.evidence.inspection.issue import Incoming
from dgdesk.folders import found
from dgdesk.folders.found import Found, read_dropped, read_folder
from dgdesk.folders.import_folder import import_files, plan_dropped, plan_folder
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress
from dgdesk.text.messages import load_catalogue

POSIX = pytest.mark.skipif(os.name != "posix", reason="links, pipes and rights of POSIX")


def inspect(path: Path, limits: EvidenceLimits | None, *, name: str = "") -> Incoming:
    raise OSError(errno.ENOENT, "not looked at here")


def read(folder: Path) -> Found:
    return read_folder(folder, None, frozenset(), inspect, progress=NO_PROGRESS)


def skipped(folder: Path) -> dict[str, str]:
    return {str(one.path): one.reason for one in read(folder).skipped}


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    for reason in ("link", "system", "draft", "deep", "folder", "long_path"):
        for language in ("th", "en"):
            assert load_catalogue(language).text(f"carry.skipped_{reason}")


@POSIX
def test_links_in_circles_devices_and_litter_are_listed_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "P1.3 แผน.txt").write_text("x")
    (tmp_path / "วน").symlink_to(tmp_path)
    (tmp_path / "ตัวเอง").symlink_to(tmp_path / "ตัวเอง")
    (tmp_path / "ศูนย์").symlink_to("/dev/zero")
    (tmp_path / "Thumbs.db").write_text("x")
    (tmp_path / "~$แผน.docx").write_text("x")
    (tmp_path / "งาน.dgdesk").write_text("x")
    assert [str(one.path) for one in read(tmp_path).files] == ["P1.3 แผน.txt"]
    assert skipped(tmp_path) == {
        "วน": "link",
        "ตัวเอง": "link",
        "ศูนย์": "link",
        "Thumbs.db": "system",
        "~$แผน.docx": "system",
        "งาน.dgdesk": "draft",
    }


@POSIX
def test_a_pipe_is_refused_without_waiting(draft: Draft, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "P1.3 ท่อ.pdf")
    plan = plan_folder(draft.session, tmp_path)
    assert [item.status for item in plan.items] == ["refused"]
    assert plan.items[0].found.findings


def test_fifty_levels_are_read_and_what_is_deeper_still_is_named(tmp_path: Path) -> None:
    deep = tmp_path
    for level in range(70):
        deep /= str(level)
        deep.mkdir()
        if level in (49, 65):
            (deep / "P1.3.txt").write_text("x")
    assert [len(one.path.parts) for one in read(tmp_path).files] == [51]
    assert list(skipped(tmp_path).values()) == ["deep"]


def test_ten_thousand_files_are_listed_and_one_more_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found, "MOST_FILES", 30)
    for number in range(30):
        (tmp_path / f"{number}.txt").touch()
    assert len(read(tmp_path).files) == 30
    (tmp_path / "P1.3.txt").touch()
    with pytest.raises(UsageError, match=r"carry\.too_many"):
        read(tmp_path)
    with pytest.raises(UsageError, match=r"carry\.too_many"):
        read_dropped(list(tmp_path.iterdir()), None, frozenset(), inspect, progress=NO_PROGRESS)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOENT, "carry.no_folder"),
        (errno.ENOTDIR, "carry.no_folder"),
        (errno.EACCES, "carry.unreadable"),
        (errno.ENAMETOOLONG, "system.long_name"),
        (errno.ELOOP, "system.loop"),
        (errno.ESTALE, "system.unreachable"),
    ],
)
def test_the_cause_that_is_told_is_the_true_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def scandir(path: Path) -> Iterator[os.DirEntry[str]]:
        raise OSError(number, "told by the system")

    monkeypatch.setattr(found.os, "scandir", scandir)
    with pytest.raises(FileError, match=code.replace(".", r"\.")):
        read(tmp_path)


def test_a_folder_inside_that_cannot_be_read_or_is_gone_is_named_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ก", "ข", "ค"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "P1.3.txt").touch()
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "ก":
            raise PermissionError(errno.EACCES, "no right")
        if Path(path).name == "ข":
            raise OSError(errno.ENAMETOOLONG, "too long")
        return real(path)

    monkeypatch.setattr(found.os, "scandir", scandir)
    assert [str(one.path) for one in read(tmp_path).files] == ["ค/P1.3.txt"]
    assert skipped(tmp_path) == {"ก": "folder", "ข": "long_path"}


def test_stopping_ends_the_reading_of_folders_too(tmp_path: Path) -> None:
    (tmp_path / "ก").mkdir()
    with pytest.raises(Cancelled):
        read_folder(tmp_path, None, frozenset(), inspect, progress=Progress(None, lambda: True))


def test_the_same_folder_dropped_twice_is_read_once_and_attached_once(draft: Draft, tmp_path: Path) -> None:
    folder = tmp_path / "หลักฐาน"
    folder.mkdir()
    (folder / "P1.3 แผน.txt").write_text("แผน", encoding="utf-8")
    draft.session.answer_all({"p1.3": "yes"})
    plan = plan_dropped(draft.session, [folder, folder])
    assert [str(item.found.path) for item in plan.items] == ["หลักฐาน/P1.3 แผน.txt"]
    assert len(import_files(draft.session, tmp_path, plan).attached) == 1
    again = plan_dropped(draft.session, [folder])
    assert [(item.status, item.there) for item in again.items] == [("already", "P1.3 แผน.txt")]


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=40).filter(
    lambda name: name not in (".", "..") and len(name.encode()) < 200
)


@POSIX
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(NAMES, max_size=8))
def test_names_of_every_kind_are_each_listed_once(tmp_path_factory: pytest.TempPathFactory, names: set[str]) -> None:
    folder = tmp_path_factory.mktemp("ชื่อ")
    made = set()
    for name in names:
        (folder / name).write_bytes(b"x")
        made.add(name)
    all_of_it = read(folder)
    told = [str(one.path) for one in all_of_it.files] + [str(one.path) for one in all_of_it.skipped]
    assert sorted(told) == sorted(str(PurePosixPath(name)) for name in made - {found.INDEX, found.FULL_INDEX})
