"""A sector of the disk is lost inside a large file: the draft is copied row by row, and the file healed in the copy."""

from __future__ import annotations

import io
import os
import sqlite3
from contextlib import closing

import pytest

from dgdesk.draft.file.model import Edit
from dgdesk.errors import FileError
from dgdesk.system.progress import Cancelled, Progress
from rows import attached

MIB = 1 << 20
SECTOR = 4096


def attach(package, slot, content):
    return package.attach_file(
        io.BytesIO(content),
        lambda stored: attached(slot, stored.sha256, name=f"{slot}.pdf"),
        "attach",
    )


def content_of(package, sha256):
    return b"".join(package.read_file(sha256))


@pytest.fixture
def torn(desk):
    """A package with three files; sectors inside the second one are zeros, its chain of pages is torn."""
    package = desk.create()
    contents = [os.urandom(2 * MIB + 7), os.urandom(3 * MIB), b"small"]
    for number, content in enumerate(contents):
        attach(package, f"s{number}", content)
    package.apply([Edit("answer", "a", None, "คำตอบ")], "answer")
    package.undo()
    package.register_export({"digest": "x"})
    package.close()
    with closing(sqlite3.connect(desk.path)) as raw:
        pages = raw.execute("PRAGMA page_size").fetchone()[0]
    data = desk.path.read_bytes()
    inside = data.index(contents[1][MIB + 300_000 : MIB + 300_064])
    begin = inside // pages * pages  # the page's first bytes lead to the next
    with desk.path.open("r+b") as stream:
        stream.seek(begin)
        stream.write(bytes(SECTOR))
    return desk.open(), contents


def digests(package):
    return [one.sha256 for one in package.files()]


def test_the_torn_file_is_named_and_cannot_be_healed_in_place(torn, refused):
    package, contents = torn
    names = digests(package)
    assert package.damaged_files() == (names[1],)
    assert content_of(package, names[0]) == contents[0] and content_of(package, names[2]) == contents[2]
    with refused("package.damaged"):
        package.heal(io.BytesIO(contents[1]))
    assert package.damaged_files() == (names[1],)  # nothing got worse


def test_a_copy_has_everything_else_and_there_the_file_heals(torn, desk, tmp_path):
    package, contents = torn
    names = digests(package)
    target = tmp_path / "สำเนา.dgdesk"
    damages = package.backup(target)
    assert [(one.code, one.subject) for one in damages] == [("package.check_file", names[1])]
    copy = desk.open(target)
    assert (copy.definition, copy.meta, copy.answers(), copy.evidence()) == (
        package.definition,
        package.meta,
        package.answers(),
        package.evidence(),
    )
    assert copy.history(1000) == package.history(1000) and copy.exports() == package.exports()
    assert copy.can_redo and digests(copy) == names
    assert [content_of(copy, names[at]) for at in (0, 2)] == [contents[0], contents[2]]
    with pytest.raises(FileError):
        content_of(copy, names[1])
    healed = copy.heal(io.BytesIO(contents[1]))
    assert healed is not None and healed.healed and content_of(copy, names[1]) == contents[1]
    assert copy.check() == ()
    copy.compact()
    assert copy.check() == () and content_of(copy, names[1]) == contents[1]


def test_a_copy_that_is_stopped_leaves_nothing(torn, tmp_path):
    package, _ = torn
    with pytest.raises(Cancelled):
        package.backup(tmp_path / "b.dgdesk", progress=Progress(is_cancelled=lambda: True))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("b.dgdesk")]


def test_damage_elsewhere_is_not_glossed_over(desk, tmp_path, refused):
    package = desk.create()
    package.apply([Edit("answer", f"a{number}", None, "ก" * 500) for number in range(200)], "answer")
    package.close()
    data = desk.path.read_bytes()
    with closing(sqlite3.connect(desk.path)) as raw:
        pages = raw.execute("PRAGMA page_size").fetchone()[0]
    inside = data.index("ก".encode() * 500) // pages * pages
    with desk.path.open("r+b") as stream:
        stream.seek(inside)
        stream.write(bytes(SECTOR))
    package = desk.open()
    with refused("package.damaged"):
        package.backup(tmp_path / "c.dgdesk")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("c.dgdesk")]
