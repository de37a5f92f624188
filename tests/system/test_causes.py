"""Each refusal of the system is told by its true cause, wherever a file is written, read or opened."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from dgdesk.draft.file.disk import new_package
from dgdesk.draft.file.faults import file_error, system_error
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.errors import FileError
from dgdesk.system.atomic import atomic_write, explain_write
from dgdesk.system.causes import BY_ERRNO, BY_WINERROR, cause_of, plain_cause
from dgdesk.text.messages import load_catalogue

# What a person reads: the cause, and the code of a draft file and of any other file that is written.
ROWS = {
    "ENOENT": ("missing", "package.folder_missing", "bundle.no_folder"),
    "EACCES": ("forbidden", "package.read_only_place", "target.forbidden"),
    "EPERM": ("forbidden", "package.read_only_place", "target.forbidden"),
    "EROFS": ("read_only", "package.read_only_place", "target.read_only"),
    "EBUSY": ("held", "package.busy", "system.held"),
    "ETXTBSY": ("held", "package.busy", "system.held"),
    "ENOSPC": ("full", "package.disk_full", "target.disk_full"),
    "EDQUOT": ("full", "package.disk_full", "target.disk_full"),
    "EFBIG": ("too_large", "system.too_large", "system.too_large"),
    "EIO": ("broken", "package.disk_error", "target.broken"),
    "ENXIO": ("unreachable", "system.unreachable", "system.unreachable"),
    "ENODEV": ("unreachable", "system.unreachable", "system.unreachable"),
    "ESTALE": ("unreachable", "system.unreachable", "system.unreachable"),
    "EHOSTDOWN": ("unreachable", "system.unreachable", "system.unreachable"),
    "EHOSTUNREACH": ("unreachable", "system.unreachable", "system.unreachable"),
    "ENETUNREACH": ("unreachable", "system.unreachable", "system.unreachable"),
    "ETIMEDOUT": ("unreachable", "system.unreachable", "system.unreachable"),
    "ENOTCONN": ("unreachable", "system.unreachable", "system.unreachable"),
    "ENAMETOOLONG": ("long_name", "package.path_too_long", "system.long_name"),
    "EINVAL": ("bad_name", "package.bad_name", "system.bad_name"),
    "EILSEQ": ("bad_name", "package.bad_name", "system.bad_name"),
    "ELOOP": ("loop", "system.loop", "system.loop"),
    "EISDIR": ("folder", "package.is_folder", "system.folder"),
    "ENOTDIR": ("no_folder", "package.folder_missing", "bundle.no_folder"),
    "EEXIST": ("there", "package.exists", "bundle.exists"),
    "ENOTEMPTY": ("there", "package.exists", "bundle.exists"),
}
WINDOWS = {
    2: "missing",
    3: "missing",
    5: "forbidden",
    15: "unreachable",
    19: "read_only",
    21: "unreachable",
    23: "broken",
    32: "held",
    33: "held",
    39: "full",
    53: "unreachable",
    59: "unreachable",
    64: "unreachable",
    65: "forbidden",
    67: "unreachable",
    80: "there",
    112: "full",
    121: "unreachable",
    123: "bad_name",
    183: "there",
    206: "long_name",
    223: "too_large",
    267: "no_folder",
    1117: "broken",
    1231: "unreachable",
    1392: "broken",
    1921: "loop",
}


def windows(number: int) -> OSError:
    """An error as Python makes it on Windows: a sharing violation is a `PermissionError` there."""
    error = OSError(errno.EACCES, "x")
    error.winerror = number
    return error


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_linux(name):
    error, (cause, draft, other) = OSError(getattr(errno, name), "x"), ROWS[name]
    assert cause_of(error) == cause
    assert system_error(error, Path("a.dgdesk")).code == draft
    assert explain_write(error, Path("a.zip")).code == other
    for language in ("th", "en"):
        catalogue = load_catalogue(language)
        assert catalogue.text(f"cli.system_{cause}")
        assert "a.dgdesk" in catalogue.error(system_error(error, Path("a.dgdesk")))
        assert "a.zip" in catalogue.error(explain_write(error, Path("a.zip")))


@pytest.mark.parametrize("number", WINDOWS)
def test_a_row_of_windows(number):
    assert cause_of(windows(number)) == WINDOWS[number]


def test_no_row_is_without_its_test():
    assert {getattr(errno, name) for name in ROWS} == set(BY_ERRNO) and set(WINDOWS) == set(BY_WINERROR)
    assert cause_of(OSError("no number")) == "other" and plain_cause(OSError("no number"), Path("x")) is None


def test_a_held_file_is_no_missing_right():
    assert system_error(windows(32), Path("a.dgdesk")).code == "package.busy"
    assert explain_write(windows(33), Path("a.zip")).code == "system.held"
    assert system_error(windows(5), Path("a"), denied="package.cannot_open").code == "package.cannot_open"


@pytest.mark.parametrize("letters", ["ก" * 90, "x" * 260])
def test_too_long_a_name_is_told_whoever_writes(tmp_path, letters):
    """The caller's own sentence would speak of rights or of the disk."""
    with pytest.raises(FileError) as caught:
        atomic_write(tmp_path / letters, b"x", explain=lambda _, path: FileError("cli.unwritable", name=path.name))
    assert caught.value.code == "system.long_name" and not list(tmp_path.iterdir())


def test_a_file_where_a_folder_should_be_and_a_folder_where_a_file_should_be(tmp_path):
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    for target, code in ((tmp_path / "file" / "x", "bundle.no_folder"), (tmp_path / "folder", "system.folder")):
        with pytest.raises(FileError) as caught:
            atomic_write(target, b"x", replace=True)
        assert caught.value.code == code


@pytest.mark.skipif(os.name != "posix", reason="paths of Linux")
@pytest.mark.parametrize("depth", [4, 5, 8, 20])
def test_a_draft_deep_in_folders_opens_or_says_that_its_path_is_too_long(tmp_path, clock, depth):
    folder = tmp_path.joinpath(*["แฟ้มหลักฐานของสำนักงานจังหวัด"] * depth)
    folder.mkdir(parents=True)
    path = folder / "survey.dgdesk"
    fits = len(os.fsencode(path)) < 460
    try:
        create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="x").close()
        open_draft_file(path, clock=clock, who="x").close()
    except FileError as error:
        assert not fits and error.code == "package.path_too_long"
        assert [one.name for one in folder.iterdir() if one.suffix == ".part"] == []
    else:
        assert len(os.fsencode(path)) < 505


@pytest.mark.skipif(os.name != "posix", reason="links of Linux")
def test_links_in_a_circle(tmp_path, clock):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(FileError) as caught:
        open_draft_file(tmp_path / "a" / "x.dgdesk", clock=clock, who="x")
    assert caught.value.code == "system.loop"


@pytest.mark.parametrize(("number", "code"), [(errno.EROFS, "target.read_only"), (errno.EACCES, "target.forbidden")])
def test_why_a_new_draft_cannot_be_made_is_no_word_of_opening_one(tmp_path: Path, number: int, code: str) -> None:
    target = tmp_path / "n.dgdesk"
    with pytest.raises(FileError) as caught, new_package(target):
        raise OSError(number, "refused")
    assert (caught.value.code, caught.value.values["name"]) == (code, "n.dgdesk") and not target.exists()


def test_a_half_made_draft_is_named_as_the_one_that_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught, new_package(tmp_path / "n.dgdesk") as part:
        raise file_error(part, "package.disk_full", detail="full")
    assert caught.value.values["name"] == "n.dgdesk" and list(tmp_path.iterdir()) == []
